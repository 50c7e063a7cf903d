import type { Rows } from '../linear-algebra/nearest-neighbours.ts';
import { RowMatrix } from '../linear-algebra/row-matrix.ts';
import { squaredDistanceRows, squaredNorms } from '../linear-algebra/vectors.ts';

/** Bound on the rounding of a float32 dot product, as part of the product of the lengths. */
const rounding = 1e-5;

/**
 * Greedy k-center (Gonzalez, Clustering to minimize the maximum intercluster distance, 1985): starting from `first`, always
 * the row farthest from those taken, lowest index on ties, until every row lies within `radius` (L2) of one. Which rows
 * are taken, in that order.
 */
export function coveringRows(rows: Rows, first: readonly number[], radius: number): number[] {
  const { data, count, dimension } = rows;
  if (count === 0) return [];
  const matrix = new RowMatrix(data, count, dimension);
  const norms = squaredNorms(data, count, dimension);
  const nearest = new Float64Array(count).fill(Infinity);
  const take = (row: number): void => {
    const { products, stride } = matrix.multiply(data.subarray(row * dimension, (row + 1) * dimension), 1);
    for (let i = 0; i < count; i++) {
      const slack = rounding * Math.sqrt(norms[i]! * norms[row]!);
      if (norms[i]! + norms[row]! - 2 * products[i * stride]! - slack >= nearest[i]!) continue;
      const exact = squaredDistanceRows(data, i, data, row, dimension);
      if (exact < nearest[i]!) nearest[i] = exact;
    }
  };
  const taken = [...first];
  for (const row of taken) take(row);
  while (taken.length < count) {
    let farthest = 0;
    for (let i = 1; i < count; i++) if (nearest[i]! > nearest[farthest]!) farthest = i;
    if (nearest[farthest]! <= radius * radius) break;
    taken.push(farthest);
    take(farthest);
  }
  return taken;
}
