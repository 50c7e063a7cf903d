/**
 * A WebAssembly SIMD kernel for the dot products of one row of 16-bit integers with many rows of 8-bit integers,
 * assembled here from its instructions as in `simd-kernel.ts`. Integers, so the sums are exact.
 */

/** Rows handled together; the row count must be a multiple. */
export const int8RowTile = 4;
/** Values of a vector register; the row length must be a multiple. */
export const int8Lanes = 16;
/** Largest absolute value of the 16-bit row: sums of rows of up to 32 768 values then stay within 32 bits. */
export const int8QueryLimit = 2047;

type Code = readonly number[];

const sequence = (...parts: readonly Code[]): Code => parts.flat();
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
const loadVector = (offset: number): Code => [0xfd, 0x00, 0x04, offset];
const zeroVector: Code = sequence(
  [0xfd, 0x0c],
  Array.from({ length: 16 }, () => 0),
);
const extendLow: Code = [0xfd, 0x87, 0x01];
const extendHigh: Code = [0xfd, 0x88, 0x01];
const dotPairs: Code = [0xfd, 0xba, 0x01];
const addIntegers: Code = [0xfd, 0xae, 0x01];
const lane = (index: number): Code => [0xfd, 0x1b, index];
const storeInteger = (offset: number): Code => [0x36, 0x02, offset];
const advance = (pointer: number, ...by: readonly Code[]): Code =>
  sequence(get(pointer), ...by, add, set(pointer));

/** dots(query, rows, rowsEnd, rowBytes, out): out[i] = query . row i. */
function kernelBody(): Code {
  const [query, rows, rowsEnd, rowBytes, out] = [0, 1, 2, 3, 4] as const;
  const [queryAt, rowEnd] = [5, 6] as const;
  const pointers = range(int8RowTile).map((r) => 7 + r);
  const integers = 2 + int8RowTile;
  const [queryLow, queryHigh, values] = range(3).map((v) => 5 + integers + v) as [number, number, number];
  const sums = range(int8RowTile).map((r) => values + 1 + r);
  const accumulate = (sum: number, extend: Code, part: number): Code =>
    sequence(get(sum), get(values), extend, get(part), dotPairs, addIntegers, set(sum));
  const addProducts = loop(
    sequence(get(queryAt), loadVector(0), set(queryLow), get(queryAt), loadVector(16), set(queryHigh)),
    ...pointers.map((pointer, r) =>
      sequence(
        get(pointer),
        loadVector(0),
        set(values),
        accumulate(sums[r]!, extendLow, queryLow),
        accumulate(sums[r]!, extendHigh, queryHigh),
        advance(pointer, constant(16)),
      ),
    ),
    advance(queryAt, constant(32)),
    sequence(get(pointers[0]!), get(rowEnd), lessThan, repeatIf),
  );
  const laneSum = (vector: number): Code =>
    sequence(...range(4).map((l) => sequence(get(vector), lane(l), l > 0 ? add : [])));
  const code = loop(
    ...pointers.map((pointer, r) =>
      sequence(get(rows), get(rowBytes), constant(r), multiply, add, set(pointer)),
    ),
    sequence(get(rows), get(rowBytes), add, set(rowEnd)),
    sequence(get(query), set(queryAt)),
    ...sums.map((sum) => sequence(zeroVector, set(sum))),
    addProducts,
    ...sums.map((sum, r) => sequence(get(out), laneSum(sum), storeInteger(4 * r))),
    advance(out, constant(4 * int8RowTile)),
    advance(rows, get(rowBytes), constant(2), shiftLeft),
    sequence(get(rows), get(rowsEnd), lessThan, repeatIf),
  );
  const locals = sequence([2], unsigned(integers), [0x7f], unsigned(3 + int8RowTile), [0x7b]);
  return sequence(locals, code, [0x0b]);
}

const text = (value: string): Code => [value.length, ...new TextEncoder().encode(value)];
const section = (id: number, content: Code): Code => sequence([id], unsigned(content.length), content);

function assemble(): Uint8Array<ArrayBuffer> {
  const body = kernelBody();
  return Uint8Array.from(
    sequence(
      [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      section(1, [1, 0x60, 5, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0]),
      section(2, sequence([1], text('host'), text('memory'), [0x02, 0x00, 0x01])),
      section(3, [1, 0]),
      section(7, sequence([1], text('dots'), [0x00, 0x00])),
      section(10, sequence([1], unsigned(body.length), body)),
    ),
  );
}

/** All arguments are byte addresses and lengths in the memory. */
export type Int8Kernel = (
  query: number,
  rows: number,
  rowsEnd: number,
  rowBytes: number,
  out: number,
) => void;

let compiled: WebAssembly.Module | undefined;

export function createInt8Kernel(memory: WebAssembly.Memory): Int8Kernel {
  compiled ??= new WebAssembly.Module(assemble());
  const instance = new WebAssembly.Instance(compiled, { host: { memory } });
  return instance.exports['dots'] as Int8Kernel;
}
