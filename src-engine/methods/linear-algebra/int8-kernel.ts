/**
 * A WebAssembly SIMD kernel for the dot products of one row of 16-bit integers with many rows of 8-bit integers,
 * assembled as in `simd-kernel.ts`. Integers, so the sums are exact.
 */

import {
  add,
  advance,
  assemble,
  constant,
  get,
  lessThan,
  loadVector,
  loop,
  multiply,
  range,
  repeatIf,
  sequence,
  set,
  shiftLeft,
  zeroVector,
  type Code,
  type KernelSource,
} from './wasm-assembler.ts';

/** Rows handled together; the row count must be a multiple. */
export const int8RowTile = 4;
/** Values of a vector register; the row length must be a multiple. */
export const int8Lanes = 16;
/** Largest absolute value of the 16-bit row: sums of rows of up to 32 768 values then stay within 32 bits. */
export const int8QueryLimit = 2047;

const extendLow: Code = [0xfd, 0x87, 0x01];
const extendHigh: Code = [0xfd, 0x88, 0x01];
const dotPairs: Code = [0xfd, 0xba, 0x01];
const addIntegers: Code = [0xfd, 0xae, 0x01];
const lane = (index: number): Code => [0xfd, 0x1b, index];
const storeInteger = (offset: number): Code => [0x36, 0x02, offset];
/** dots(query, rows, rowsEnd, rowBytes, out): out[i] = query . row i. */
function kernel(): KernelSource {
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
  return { name: 'dots', parameters: 5, integers, vectors: 3 + int8RowTile, code };
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
  compiled ??= assemble(kernel());
  const instance = new WebAssembly.Instance(compiled, { host: { memory } });
  return instance.exports['dots'] as Int8Kernel;
}
