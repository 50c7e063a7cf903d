import type { Random } from '#shared/random.ts';
import { RowMatrix } from '../linear-algebra/row-matrix.ts';
import { lloyd } from './lloyd.ts';
import type { CentredRows } from './lloyd.ts';
import { drawWeighted } from './seeding.ts';

/** Points with weights, known by their dot products alone. */
interface CoarseProblem {
  readonly weights: Float64Array;
  /** count x count. */
  readonly gram: Float64Array;
}

interface CoarseSolution {
  readonly assignments: Int32Array;
  readonly inertia: number;
}

const coarsePoints = 48;
const summaryIterations = 2;
const starts = 200;
const kept = 5;
const maximalIterations = 100;
/** Inertias closer than this part are taken for the same solution. */
const sameInertia = 1e-6;

function gramOf(points: Float32Array, count: number, dimension: number): Float64Array {
  const { products, stride } = new RowMatrix(points, count, dimension).multiply(points, count);
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++) gram.set(products.subarray(i * stride, i * stride + count), i * count);
  return gram;
}

/** k-means++ on weighted points: every point goes to the nearest of k drawn ones. */
function firstAssignments({ weights, gram }: CoarseProblem, k: number, random: Random): Int32Array {
  const count = weights.length;
  const assignments = new Int32Array(count);
  const nearest = new Float64Array(count).fill(Infinity);
  const scores = Float64Array.from(weights);
  for (let j = 0; j < k; j++) {
    const centre = drawWeighted(scores, random);
    for (let i = 0; i < count; i++) {
      const squared = gram[i * count + i]! + gram[centre * count + centre]! - 2 * gram[centre * count + i]!;
      if (squared < nearest[i]!) {
        nearest[i] = Math.max(0, squared);
        assignments[i] = j;
      }
      scores[i] = weights[i]! * nearest[i]!;
    }
  }
  return assignments;
}

/** Lloyd's algorithm in terms of dot products (kernel K-means), weighted; changes `assignments`. */
function improve({ weights, gram }: CoarseProblem, k: number, assignments: Int32Array): number {
  const count = weights.length;
  const toCluster = new Float64Array(k * count);
  const clusterWeights = new Float64Array(k);
  const spread = new Float64Array(k);
  for (let iteration = 0; ; iteration++) {
    toCluster.fill(0);
    clusterWeights.fill(0);
    spread.fill(0);
    for (let l = 0; l < count; l++) {
      const j = assignments[l]!;
      const weight = weights[l]!;
      clusterWeights[j] = clusterWeights[j]! + weight;
      for (let i = 0, at = j * count; i < count; i++, at++) {
        toCluster[at] = toCluster[at]! + weight * gram[l * count + i]!;
      }
    }
    for (let i = 0; i < count; i++) {
      const j = assignments[i]!;
      spread[j] = spread[j]! + weights[i]! * toCluster[j * count + i]!;
    }
    let moved = 0;
    let inertia = 0;
    for (let i = 0; i < count; i++) {
      let best = assignments[i]!;
      let least = Infinity;
      for (let j = 0; j < k; j++) {
        const total = clusterWeights[j]!;
        if (total === 0) continue;
        const distance = spread[j]! / (total * total) - (2 * toCluster[j * count + i]!) / total;
        if (distance < least) {
          least = distance;
          best = j;
        }
      }
      inertia += weights[i]! * (gram[i * count + i]! + least);
      if (best !== assignments[i]) {
        assignments[i] = best;
        moved++;
      }
    }
    if (moved === 0 || iteration === maximalIterations) return inertia;
  }
}

/** Points that lie on each other may leave clusters without any. */
function hasEmptyCluster(assignments: Int32Array, k: number): boolean {
  return new Set(assignments).size < k;
}

/** Sums the rows up by a few dozen means of nearby rows, weighted by how many rows they stand for. */
function summarise(rows: CentredRows, random: Random): { points: Float32Array; weights: Float64Array } {
  const { count, dimension, data } = rows;
  const size = Math.min(count, coarsePoints);
  const points = new Float32Array(size * dimension);
  const shuffled = Int32Array.from({ length: count }, (_, i) => i);
  for (let j = 0; j < size; j++) {
    const other = j + random.integer(count - j);
    [shuffled[j], shuffled[other]] = [shuffled[other]!, shuffled[j]!];
    const start = shuffled[j]! * dimension;
    points.set(data.subarray(start, start + dimension), j * dimension);
  }
  const { counts } = lloyd(rows, points, size, summaryIterations);
  return { points, weights: Float64Array.from(counts) };
}

/** Weighted mean of the points of each of k clusters. */
function clusterMeans(
  points: Float32Array,
  weights: Float64Array,
  assignments: Int32Array,
  k: number,
): Float32Array {
  const dimension = points.length / weights.length;
  const totals = new Float64Array(k);
  for (let i = 0; i < weights.length; i++) {
    totals[assignments[i]!] = totals[assignments[i]!]! + weights[i]!;
  }
  const centroids = new Float32Array(k * dimension);
  for (let i = 0; i < weights.length; i++) {
    const j = assignments[i]!;
    const share = weights[i]! / totals[j]!;
    for (let d = 0, at = j * dimension; d < dimension; d++, at++) {
      centroids[at] = centroids[at]! + share * points[i * dimension + d]!;
    }
  }
  return centroids;
}

/**
 * Good starting centroids (k x dimension each), the few best different ones, best first. K-means on a summary of
 * the rows, from hundreds of k-means++ starts, costs next to nothing, because it needs only the dot
 * products of a few dozen points; it finds optima that twenty starts on all rows miss now and then.
 */
export function coarseCentroids(rows: CentredRows, k: number, random: Random): Float32Array[] {
  const { points, weights } = summarise(rows, random);
  const problem: CoarseProblem = { weights, gram: gramOf(points, weights.length, rows.dimension) };
  const solutions: CoarseSolution[] = [];
  for (let start = 0; start < starts; start++) {
    const assignments = firstAssignments(problem, k, random);
    const inertia = improve(problem, k, assignments);
    if (hasEmptyCluster(assignments, k)) continue;
    const known = solutions.some((other) => Math.abs(other.inertia - inertia) <= sameInertia * inertia);
    if (known) continue;
    solutions.push({ assignments, inertia });
    solutions.sort((a, b) => a.inertia - b.inertia);
    solutions.length = Math.min(solutions.length, kept);
  }
  return solutions.map(({ assignments }) => clusterMeans(points, weights, assignments, k));
}
