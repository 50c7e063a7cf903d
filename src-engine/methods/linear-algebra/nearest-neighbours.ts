import { Failure } from '#shared/errors.ts';
import { RowMatrix } from './row-matrix.ts';
import { Smallest } from './smallest.ts';
import { squaredDistanceRows, squaredNorms } from './vectors.ts';

/** Rows to search among, row-major. */
export interface Rows {
  readonly data: Float32Array;
  readonly count: number;
  readonly dimension: number;
}

export interface Neighbours {
  /** Neighbours of every query: min(k, bank rows). */
  readonly k: number;
  /** queries x k, nearest first; equal distances by lowest index. */
  readonly indices: Int32Array;
  /** queries x k squared L2 distances, summed in float64 from the differences. */
  readonly squaredDistances: Float64Array;
}

/** Bank rows multiplied at a time: their products stay in the processor's cache. */
const tileRows = 512;
/** Extra candidates of the float32 search, so that its rounding cannot cost a true neighbour. */
const spare = 4;

/** Calls `visit` for every query and bank row with their approximate squared distance, bank rows in order. */
function search(queries: Rows, bank: Rows, candidates: readonly Smallest[]): void {
  const { dimension } = queries;
  const matrix = new RowMatrix(queries.data, queries.count, dimension);
  const queryNorms = squaredNorms(queries.data, queries.count, dimension);
  for (let start = 0; start < bank.count; start += tileRows) {
    const rows = Math.min(tileRows, bank.count - start);
    const tile = bank.data.subarray(start * dimension, (start + rows) * dimension);
    const { products, stride } = matrix.multiply(tile, rows);
    const norms = squaredNorms(tile, rows, dimension);
    for (let i = 0; i < queries.count; i++) {
      const kept = candidates[i]!;
      const norm = queryNorms[i]!;
      let limit = kept.limit;
      for (let j = 0; j < rows; j++) {
        const squared = norm + norms[j]! - 2 * products[i * stride + j]!;
        if (squared >= limit) continue;
        kept.add(squared, start + j);
        limit = kept.limit;
      }
    }
  }
}

/**
 * The k bank rows nearest to every query row by L2 distance: a float32 search for candidates, whose
 * distances are then computed exactly. Throws an 'invalid' Failure for an empty bank or rows of
 * different lengths.
 */
export function nearestNeighbours(queries: Rows, bank: Rows, wanted: number): Neighbours {
  const { dimension } = queries;
  if (bank.count < 1)
    throw new Failure('invalid', 'The memory bank is empty: there is nothing to compare with.');
  if (bank.dimension !== dimension) {
    throw new Failure(
      'invalid',
      `Features of dimension ${dimension} cannot be compared with a memory bank of dimension ${bank.dimension}.`,
    );
  }
  const k = Math.min(wanted, bank.count);
  const kept = Math.min(wanted + spare, bank.count);
  const candidates = Array.from({ length: queries.count }, () => new Smallest(kept));
  search(queries, bank, candidates);

  const indices = new Int32Array(queries.count * k);
  const squaredDistances = new Float64Array(queries.count * k);
  for (const [i, { indices: found }] of candidates.entries()) {
    const exact = Array.from(found, (index) => ({
      index,
      squared: squaredDistanceRows(queries.data, i, bank.data, index, dimension),
    }));
    exact.sort((a, b) => a.squared - b.squared || a.index - b.index);
    for (const [position, { index, squared }] of exact.slice(0, k).entries()) {
      indices[i * k + position] = index;
      squaredDistances[i * k + position] = squared;
    }
  }
  return { k, indices, squaredDistances };
}
