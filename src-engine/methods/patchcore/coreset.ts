import { Failure } from '#shared/errors.ts';
import type { Rows } from '../linear-algebra/nearest-neighbours.ts';
import { RowMatrix } from '../linear-algebra/row-matrix.ts';
import { squaredDistanceRows, squaredNorms } from '../linear-algebra/vectors.ts';

export interface Coreset {
  /** Selected rows in the order of their selection. */
  readonly indices: Int32Array;
  /** Distance of the last selected row to the ones before it; null for a coreset of one. */
  readonly selectionRadius: number | null;
  /** Largest distance of any row to the coreset. */
  readonly coverRadius: number;
}

/** Bound on the rounding of a float32 dot product, as part of the product of the lengths. */
const rounding = 1e-5;

/** Rows a coreset keeps: floor(rows x ratio), at least one. */
export function coresetSize(rows: number, ratio: number): number {
  return Math.max(1, Math.floor(rows * ratio));
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}

/**
 * Farthest-point greedy coreset (PatchCore, algorithm 1): from the row `start`, always the row with the
 * largest L2 distance to its nearest selected one, lowest index on ties. Distances are exact; the
 * float32 product only tells which ones a new point may shorten.
 * Throws an 'invalid' Failure when `size` or `start` does not fit the rows.
 */
export function greedyCoreset(rows: Rows, size: number, start: number): Coreset {
  const steps = coresetSteps(rows, size, start);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The same, row by row: yields how many rows are chosen. */
export function* coresetSteps(rows: Rows, size: number, start: number): Generator<number, Coreset> {
  const { data, count, dimension } = rows;
  if (size < 1 || size > count || start < 0 || start >= count) {
    throw new Failure(
      'invalid',
      `A coreset of ${size} from row ${start} cannot be drawn from ${count} rows.`,
    );
  }
  const matrix = new RowMatrix(data, count, dimension);
  const norms = squaredNorms(data, count, dimension);
  const nearest = new Float64Array(count).fill(Infinity);
  const indices = new Int32Array(size);
  let selectionRadius: number | null = null;
  for (let chosen = 0, row = start; chosen < size; chosen++, row = indexOfLargest(nearest)) {
    if (chosen > 0) selectionRadius = Math.sqrt(nearest[row]!);
    indices[chosen] = row;
    const { products, stride } = matrix.multiply(data.subarray(row * dimension, (row + 1) * dimension), 1);
    for (let i = 0; i < count; i++) {
      const slack = rounding * Math.sqrt(norms[i]! * norms[row]!);
      if (norms[i]! + norms[row]! - 2 * products[i * stride]! - slack >= nearest[i]!) continue;
      const exact = squaredDistanceRows(data, i, data, row, dimension);
      if (exact < nearest[i]!) nearest[i] = exact;
    }
    yield chosen + 1;
  }
  return { indices, selectionRadius, coverRadius: Math.sqrt(nearest[indexOfLargest(nearest)]!) };
}
