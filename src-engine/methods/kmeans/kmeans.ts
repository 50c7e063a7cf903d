import { Failure } from '#shared/errors.ts';
import { createRandom } from '#shared/random.ts';
import { coarseCentroids } from './coarse.ts';
import { centreRows, lloyd, settle } from './lloyd.ts';
import type { Partition } from './partition.ts';
import { plusPlusCentroids } from './seeding.ts';

export interface KMeansOptions {
  /** Number of clusters wanted; fewer rows than that give one cluster a row. */
  readonly k: number;
  readonly seed: number;
  /** Starts, each run until the centroids stop moving; 20 by default. */
  readonly restarts?: number;
}

export interface KMeansResult {
  /** min(k, rows): the number of centroids. */
  readonly k: number;
  /** k x dimension, ordered by decreasing count (equal counts: by their first row). */
  readonly centroids: Float32Array;
  readonly counts: Int32Array;
  /** Cluster of every row. */
  readonly assignments: Int32Array;
  /** Sum of squared distances of the rows to their centroids. */
  readonly inertia: number;
}

const defaultRestarts = 20;
/** So many of the best solutions compete in the exact end. */
const settledSolutions = 3;

function byDecreasingCount({ counts, assignments }: Partition): number[] {
  const first = Array.from(counts, (_, j) => {
    const row = assignments.indexOf(j);
    return row < 0 ? assignments.length + j : row;
  });
  return Array.from(counts.keys()).sort((a, b) => counts[b]! - counts[a]! || first[a]! - first[b]!);
}

/**
 * K-means on `count` rows of `dimension` values, squared L2 (DINO-AD, clustering of the foreground features):
 * Lloyd's algorithm until nothing moves from `restarts` starts, the first few from `coarseCentroids`, the others by
 * k-means++; the best by inertia. With fewer distinct rows than k, centroids repeat and may have count 0.
 * Throws an 'invalid' Failure without rows or when k is no positive whole number.
 */
export function kmeans(
  rows: Float32Array,
  count: number,
  dimension: number,
  { k: wanted, seed, restarts = defaultRestarts }: KMeansOptions,
): KMeansResult {
  if (!Number.isInteger(wanted) || wanted < 1) {
    throw new Failure('invalid', `K must be a positive whole number, not ${wanted}.`);
  }
  if (count < 1) throw new Failure('invalid', 'K-means needs at least one feature row.');
  const k = Math.min(wanted, count);
  const centred = centreRows(rows, count, dimension);
  const random = createRandom(seed);

  const starts = k === 1 ? [] : coarseCentroids(centred, k, random);
  const wantedStarts = k === 1 ? 1 : Math.max(restarts, 1);
  while (starts.length < wantedStarts) starts.push(plusPlusCentroids(centred, k, random));
  const settled = starts
    .map((centroids) => ({ centroids, partition: lloyd(centred, centroids, k) }))
    .sort((a, b) => b.partition.explained() - a.partition.explained())
    .slice(0, settledSolutions)
    .map(({ centroids, partition }) => {
      const means = Float64Array.from(centroids);
      return { means, partition, inertia: settle(centred, partition, means) };
    });
  const { partition, means, inertia } = settled.reduce((a, b) => (b.inertia < a.inertia ? b : a));
  const order = byDecreasingCount(partition);
  const position = new Int32Array(k);
  const centroids = new Float32Array(k * dimension);
  for (const [at, cluster] of order.entries()) {
    position[cluster] = at;
    for (let d = 0; d < dimension; d++) {
      centroids[at * dimension + d] = means[cluster * dimension + d]! + centred.mean[d]!;
    }
  }
  return {
    k,
    centroids,
    counts: Int32Array.from(order, (cluster) => partition.counts[cluster]!),
    assignments: partition.assignments.map((cluster) => position[cluster]!),
    inertia,
  };
}
