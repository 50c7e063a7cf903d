import type { Random } from '#shared/random.ts';
import { RowMatrix } from '../linear-algebra/row-matrix.ts';
import { GramClusters } from './gram-clusters.ts';
import { lloyd } from './lloyd.ts';
import type { CentredRows } from './lloyd.ts';
import { drawWeighted } from './seeding.ts';

interface CoarseSolution {
  readonly assignments: Int32Array;
  readonly inertia: number;
}

const coarsePoints = 64;
const summaryIterations = 2;
const freshStarts = 60;
const changedStarts = 140;
const kept = 5;
/** Inertias closer than this part are taken for the same solution. */
const sameInertia = 1e-6;

function gramOf(points: Float32Array, count: number, dimension: number): Float64Array {
  const { products, stride } = new RowMatrix(points, count, dimension).multiply(points, count);
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i++) gram.set(products.subarray(i * stride, i * stride + count), i * count);
  return gram;
}

/** k-means++ on weighted points: every point goes to the nearest of k drawn ones. */
function freshAssignments(
  clusters: GramClusters,
  weights: Float64Array,
  k: number,
  random: Random,
): Int32Array {
  const assignments = new Int32Array(weights.length);
  const nearest = new Float64Array(weights.length).fill(Infinity);
  let scores = weights;
  for (let j = 0; j < k; j++) {
    const centre = drawWeighted(scores, random);
    for (let i = 0; i < weights.length; i++) {
      const squared = clusters.between(i, centre);
      if (squared >= nearest[i]!) continue;
      nearest[i] = squared;
      assignments[i] = j;
    }
    scores = weights.map((weight, i) => weight * nearest[i]!);
  }
  return assignments;
}

/**
 * The best solution so far with one cluster dissolved and a new one around a point that lies far from its mean
 * (random swap, Fraenti 2018). `clusters` holds that solution.
 */
function changedAssignments(
  clusters: GramClusters,
  weights: Float64Array,
  k: number,
  random: Random,
): Int32Array {
  const dissolved = random.integer(k);
  const own = clusters.assignments;
  const centre = drawWeighted(
    weights.map((weight, i) => weight * clusters.toMean(i, own[i]!)),
    random,
  );
  return own.map((cluster, i) => {
    let best = dissolved;
    let least = clusters.between(i, centre);
    for (let j = 0; j < k; j++) {
      const considered = cluster === dissolved ? j !== dissolved : j === cluster;
      if (!considered) continue;
      const distance = clusters.toMean(i, j);
      if (distance < least) [best, least] = [j, distance];
    }
    return best;
  });
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
 * the rows, from hundreds of starts, costs a few milliseconds, because it needs only the dot products of a few
 * dozen points; it finds optima that twenty starts on all rows miss now and then.
 */
export function coarseCentroids(rows: CentredRows, k: number, random: Random): Float32Array[] {
  const { points, weights } = summarise(rows, random);
  const clusters = new GramClusters(gramOf(points, weights.length, rows.dimension), weights, k);
  const solutions: CoarseSolution[] = [];
  for (let start = 0; start < freshStarts + changedStarts; start++) {
    const best = solutions[0];
    if (best && start >= freshStarts) {
      clusters.assign(best.assignments);
      clusters.assign(changedAssignments(clusters, weights, k, random));
    } else {
      clusters.assign(freshAssignments(clusters, weights, k, random));
    }
    const inertia = clusters.settle();
    if (hasEmptyCluster(clusters.assignments, k)) continue;
    const known = solutions.some((other) => Math.abs(other.inertia - inertia) <= sameInertia * inertia);
    if (known) continue;
    solutions.push({ assignments: clusters.assignments.slice(), inertia });
    solutions.sort((a, b) => a.inertia - b.inertia);
    solutions.length = Math.min(solutions.length, kept);
  }
  return solutions.map(({ assignments }) => clusterMeans(points, weights, assignments, k));
}
