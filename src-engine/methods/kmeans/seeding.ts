import type { Random } from '#shared/random.ts';
import type { CentredRows } from './lloyd.ts';

/** Index drawn with probability proportional to its weight; uniform when all weights are 0. */
export function drawWeighted(weights: Float64Array, random: Random): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]!;
  if (!(total > 0)) return random.integer(weights.length);
  let rest = random.next() * total;
  for (let i = 0; i < weights.length; i++) {
    rest -= weights[i]!;
    if (rest < 0) return i;
  }
  return weights.length - 1;
}

/**
 * Greedy k-means++ (Arthur and Vassilvitskii 2007, the variant of their code): each next centroid is the best of
 * 2 + floor(ln k) rows drawn with probability proportional to the squared distance from the centroids
 * chosen so far. Returns k x dimension.
 */
export function plusPlusCentroids(rows: CentredRows, k: number, random: Random): Float32Array {
  const { count, dimension, data, matrix, squaredNorms } = rows;
  const centroids = new Float32Array(k * dimension);
  const row = (index: number): Float32Array => data.subarray(index * dimension, (index + 1) * dimension);
  const trials = 2 + Math.floor(Math.log(k));
  const candidates = new Float32Array(trials * dimension);
  let distances = new Float64Array(count).fill(Infinity);
  for (let chosen = 0; chosen < k; chosen++) {
    const indices =
      chosen === 0
        ? [random.integer(count)]
        : Array.from({ length: trials }, () => drawWeighted(distances, random));
    for (const [t, index] of indices.entries()) candidates.set(row(index), t * dimension);
    const { products, stride } = matrix.multiply(candidates, indices.length);
    let [bestTotal, bestDistances, bestIndex] = [Infinity, distances, indices[0]!];
    for (const [t, index] of indices.entries()) {
      const updated = new Float64Array(count);
      let total = 0;
      for (let i = 0; i < count; i++) {
        const squared = squaredNorms[i]! + squaredNorms[index]! - 2 * products[i * stride + t]!;
        const nearest = Math.min(distances[i]!, Math.max(0, squared));
        updated[i] = nearest;
        total += nearest;
      }
      if (total < bestTotal) [bestTotal, bestDistances, bestIndex] = [total, updated, index];
    }
    distances = bestDistances;
    centroids.set(row(bestIndex), chosen * dimension);
  }
  return centroids;
}
