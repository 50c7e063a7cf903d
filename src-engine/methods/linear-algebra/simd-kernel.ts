/**
 * A WebAssembly SIMD kernel for dot products of many rows with many rows, assembled here from
 * its instructions: about eight times the speed of the same loop in JavaScript, which has no
 * vector instructions. float32 throughout, a fixed order of operations, so the same numbers everywhere.
 */

/** Rows of the left operand handled together; its row count must be a multiple. */
export const leftTile = 4;
/** Rows of the right operand handled together; its row count must be a multiple. */
export const rightTile = 2;
/** Float32 lanes of a vector register; row length must be a multiple. */
export const lanes = 4;

type Code = readonly number[];

const sequence = (...parts: readonly Code[]): Code => parts.flat();
const zeros = (count: number): Code => Array.from({ length: count }, () => 0);
const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

/** LEB128, as the format writes counts and indices. */
const unsigned = (value: number): Code =>
  value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];

const get = (local: number): Code => sequence([0x20], unsigned(local));
const set = (local: number): Code => sequence([0x21], unsigned(local));
/** Constants below 64, where signed and unsigned encoding agree. */
const constant = (value: number): Code => [0x41, value];
const add: Code = [0x6a];
const multiply: Code = [0x6c];
const shiftLeft: Code = [0x74];
const lessThan: Code = [0x49];
const loop = (...body: readonly Code[]): Code => sequence([0x03, 0x40], ...body, [0x0b]);
const repeatIf: Code = [0x0d, 0x00];
const loadVector: Code = [0xfd, 0x00, 0x04, 0x00];
const zeroVector: Code = sequence([0xfd, 0x0c], zeros(16));
const addVectors: Code = [0xfd, 0xe4, 0x01];
const multiplyVectors: Code = [0xfd, 0xe6, 0x01];
const lane = (index: number): Code => [0xfd, 0x1f, index];
const addFloats: Code = [0x92];
const storeFloat: Code = [0x38, 0x02, 0x00];
const advance = (pointer: number, ...by: readonly Code[]): Code =>
  sequence(get(pointer), ...by, add, set(pointer));

/** multiply(left, leftCount, right, rightCount, rowBytes, out): out[i, j] = left row i . right row j. */
function kernelBody(): Code {
  const [left, leftCount, right, rightCount, rowBytes, out] = [0, 1, 2, 3, 4, 5] as const;
  const [leftEnd, rightEnd, rowEnd, rightRow, outRowBytes, store] = [6, 7, 8, 9, 10, 11] as const;
  const leftPointers = range(leftTile).map((r) => 12 + r);
  const rightPointers = range(rightTile).map((c) => 12 + leftTile + c);
  const integers = 6 + leftTile + rightTile;
  const rightVectors = range(rightTile).map((c) => 6 + integers + c);
  const leftVector = 6 + integers + rightTile;
  const sum = (r: number, c: number): number => leftVector + 1 + r * rightTile + c;
  const tile = range(leftTile).flatMap((r) => range(rightTile).map((c) => ({ r, c })));
  const rowAfter = (base: number, rows: number): Code =>
    sequence(get(base), get(rowBytes), constant(rows), multiply, add);
  const end = (base: number, count: number): Code =>
    sequence(get(base), get(count), get(rowBytes), multiply, add);
  const repeatWhileBelow = (pointer: number, limit: number): Code =>
    sequence(get(pointer), get(limit), lessThan, repeatIf);

  const multiplyAdd = (r: number, c: number): Code =>
    sequence(
      get(sum(r, c)),
      get(leftVector),
      get(rightVectors[c]!),
      multiplyVectors,
      addVectors,
      set(sum(r, c)),
    );
  const addProducts = loop(
    ...rightPointers.map((pointer, c) => sequence(get(pointer), loadVector, set(rightVectors[c]!))),
    ...leftPointers.map((pointer, r) =>
      sequence(get(pointer), loadVector, set(leftVector), ...range(rightTile).map((c) => multiplyAdd(r, c))),
    ),
    ...[...leftPointers, ...rightPointers].map((pointer) => advance(pointer, constant(16))),
    repeatWhileBelow(leftPointers[0]!, rowEnd),
  );
  const laneSum = (vector: number): Code =>
    sequence(...range(lanes).map((l) => sequence(get(vector), lane(l), l > 0 ? addFloats : [])));
  const storeTile = sequence(
    ...tile.map(({ r, c }) =>
      sequence(
        get(store),
        get(outRowBytes),
        constant(r),
        multiply,
        add,
        constant(4 * c),
        add,
        laneSum(sum(r, c)),
        storeFloat,
      ),
    ),
  );
  const code = sequence(
    end(left, leftCount),
    set(leftEnd),
    end(right, rightCount),
    set(rightEnd),
    sequence(get(rightCount), constant(2), shiftLeft, set(outRowBytes)),
    loop(
      sequence(get(right), set(rightRow), get(out), set(store)),
      loop(
        ...leftPointers.map((pointer, r) => sequence(rowAfter(left, r), set(pointer))),
        ...rightPointers.map((pointer, c) => sequence(rowAfter(rightRow, c), set(pointer))),
        sequence(rowAfter(left, 1), set(rowEnd)),
        ...tile.map(({ r, c }) => sequence(zeroVector, set(sum(r, c)))),
        addProducts,
        storeTile,
        advance(store, constant(4 * rightTile)),
        advance(rightRow, get(rowBytes), constant(rightTile), multiply),
        repeatWhileBelow(rightRow, rightEnd),
      ),
      advance(out, get(outRowBytes), constant(leftTile), multiply),
      advance(left, get(rowBytes), constant(leftTile), multiply),
      repeatWhileBelow(left, leftEnd),
    ),
  );
  const vectors = rightTile + 1 + leftTile * rightTile;
  const locals = sequence([2], unsigned(integers), [0x7f], unsigned(vectors), [0x7b]);
  return sequence(locals, code, [0x0b]);
}

const text = (value: string): Code => [value.length, ...new TextEncoder().encode(value)];
const section = (id: number, content: Code): Code => sequence([id], unsigned(content.length), content);

function assemble(): Uint8Array<ArrayBuffer> {
  const body = kernelBody();
  return Uint8Array.from(
    sequence(
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, [1, 0x60, 6, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0]),
      section(2, sequence([1], text('host'), text('memory'), [0x02, 0x00, 0x01])),
      section(3, [1, 0]),
      section(7, sequence([1], text('multiply'), [0x00, 0x00])),
      section(10, sequence([1], unsigned(body.length), body)),
    ),
  );
}

export type Kernel = (
  left: number,
  leftCount: number,
  right: number,
  rightCount: number,
  rowBytes: number,
  out: number,
) => void;

let compiled: WebAssembly.Module | undefined;

/** The kernel over a memory; all arguments are byte addresses, counts and byte lengths in it. */
export function createKernel(memory: WebAssembly.Memory): Kernel {
  compiled ??= new WebAssembly.Module(assemble());
  const instance = new WebAssembly.Instance(compiled, { host: { memory } });
  return instance.exports['multiply'] as Kernel;
}
