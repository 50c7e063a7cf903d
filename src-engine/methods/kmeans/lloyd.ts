import { RowMatrix } from '../linear-algebra/row-matrix.ts';
import { squaredNorms } from '../linear-algebra/vectors.ts';
import { Partition } from './partition.ts';

/** Far above what Lloyd's algorithm needs; ends a cycle among ties that rounding may cause. */
const maximalIterations = 500;
/** A move must save more than this part of a row's distance, so that rounding cannot make it run for ever. */
const smallestGain = 1e-9;
/** Squared distances below this part of the largest squared norm are rounding noise of float32. */
const noise = 1e-5;

/** The rows of one K-means problem, centred, in every form its steps need. */
export interface CentredRows {
  readonly count: number;
  readonly dimension: number;
  /** Minus the mean: the clusters stay the same and float32 products lose fewer digits. */
  readonly data: Float32Array;
  readonly mean: Float64Array;
  readonly squaredNorms: Float64Array;
  readonly matrix: RowMatrix;
}

export function centreRows(rows: Float32Array, count: number, dimension: number): CentredRows {
  const mean = new Float64Array(dimension);
  for (let i = 0, at = 0; i < count; i++) {
    for (let d = 0; d < dimension; d++, at++) mean[d] = mean[d]! + rows[at]!;
  }
  for (let d = 0; d < dimension; d++) mean[d] = mean[d]! / count;
  const data = new Float32Array(count * dimension);
  for (let i = 0, at = 0; i < count; i++) {
    for (let d = 0; d < dimension; d++, at++) data[at] = rows[at]! - mean[d]!;
  }
  const matrix = new RowMatrix(data, count, dimension);
  return { count, dimension, data, mean, squaredNorms: squaredNorms(data, count, dimension), matrix };
}

/** Gives every empty cluster the row farthest from its centroid; returns the number of rows moved. */
function fillEmptyClusters(partition: Partition, distances: Float64Array, tiny: number): number {
  const { assignments, counts } = partition;
  let moved = 0;
  for (let j = 0; j < counts.length; j++) {
    if (counts[j] !== 0) continue;
    let farthest = 0;
    for (let i = 1; i < distances.length; i++) if (distances[i]! > distances[farthest]!) farthest = i;
    if (distances[farthest]! <= tiny || counts[assignments[farthest]!] === 1) continue;
    partition.move(farthest, j);
    distances[farthest] = 0;
    moved++;
  }
  return moved;
}

/**
 * Lloyd's algorithm in float32 from `centroids` (k x dimension, replaced by the means found) until no
 * row changes its cluster, or for `iterations`.
 */
export function lloyd(
  rows: CentredRows,
  centroids: Float32Array,
  k: number,
  iterations = maximalIterations,
): Partition {
  const { count, dimension, matrix } = rows;
  const partition = new Partition(rows.data, count, dimension, k);
  const distances = new Float64Array(count);
  const tiny = noise * rows.squaredNorms.reduce((largest, norm) => Math.max(largest, norm), 0);
  for (let iteration = 0; iteration < iterations; iteration++) {
    const { products, stride } = matrix.multiply(centroids, k);
    const centroidNorms = squaredNorms(centroids, k, dimension);
    let moved = 0;
    for (let i = 0; i < count; i++) {
      let best = 0;
      let least = Infinity;
      for (let j = 0; j < k; j++) {
        const distance = centroidNorms[j]! - 2 * products[i * stride + j]!;
        if (distance < least) {
          least = distance;
          best = j;
        }
      }
      distances[i] = least + rows.squaredNorms[i]!;
      if (best !== partition.assignments[i]) {
        partition.move(i, best);
        moved++;
      }
    }
    moved += fillEmptyClusters(partition, distances, tiny);
    partition.means(centroids);
    if (moved === 0) break;
  }
  return partition;
}

/**
 * The end in float64, so that it does not depend on the rounding of the fast products: rows move while that
 * lowers the inertia, the shift of both means included (Hartigan and Wong 1979). Where no row moves any
 * more, Lloyd's algorithm would not move one either. Replaces `centroids` by the means; returns the
 * inertia.
 */
export function settle(rows: CentredRows, partition: Partition, centroids: Float64Array): number {
  const { count, dimension, data } = rows;
  const { assignments, counts } = partition;
  for (let sweep = 0; ; sweep++) {
    partition.means(centroids);
    let moved = 0;
    let inertia = 0;
    for (let i = 0; i < count; i++) {
      const own = assignments[i]!;
      const distance = squaredDistance(data, i, centroids, own, dimension);
      inertia += distance;
      if (counts[own] === 1) continue;
      const gain = (distance * counts[own]!) / (counts[own]! - 1);
      let best = own;
      let least = gain * (1 - smallestGain);
      for (let j = 0; j < counts.length; j++) {
        if (j === own) continue;
        const factor = counts[j]! / (counts[j]! + 1);
        const cost = factor * squaredDistance(data, i, centroids, j, dimension);
        if (cost < least) {
          least = cost;
          best = j;
        }
      }
      if (best === own) continue;
      shiftMean(centroids, own, -1 / (counts[own]! - 1), data, i, dimension);
      shiftMean(centroids, best, 1 / (counts[best]! + 1), data, i, dimension);
      partition.move(i, best);
      moved++;
    }
    if (moved === 0 || sweep === maximalIterations) return inertia;
  }
}

/** Moves a mean towards a row, or away from it, by a part of their difference. */
function shiftMean(
  centroids: Float64Array,
  centroid: number,
  part: number,
  rows: Float32Array,
  row: number,
  dimension: number,
): void {
  for (let d = 0, at = centroid * dimension; d < dimension; d++, at++) {
    centroids[at] = centroids[at]! + part * (rows[row * dimension + d]! - centroids[at]!);
  }
}

function squaredDistance(
  rows: Float32Array,
  row: number,
  centroids: Float64Array,
  centroid: number,
  dimension: number,
): number {
  const a = row * dimension;
  const b = centroid * dimension;
  let sum = 0;
  for (let d = 0; d < dimension; d++) {
    const difference = rows[a + d]! - centroids[b + d]!;
    sum += difference * difference;
  }
  return sum;
}
