import type { PatchFeatures, PatchMask } from '#shared/arrays.ts';
import { cosine, dotRows, squaredNorms } from '../linear-algebra/vectors.ts';

export interface PatchMatch {
  readonly row: number;
  readonly column: number;
  /** Cosine, -1 .. 1. */
  readonly similarity: number;
}

/** Cosine similarity of one vector with every row of a matrix of rows x its length. */
export function similaritiesTo(vector: Float32Array, rows: Float32Array): Float64Array {
  const dimension = vector.length;
  const count = rows.length / dimension;
  const norms = squaredNorms(rows, count, dimension);
  const own = squaredNorms(vector, 1, dimension)[0]!;
  return Float64Array.from({ length: count }, (_, i) =>
    cosine(dotRows(vector, 0, rows, i, dimension), own, norms[i]!),
  );
}

/**
 * The patches of an image that are most and least similar to a patch feature, among those that count; the first of equals.
 * Null when none counts.
 */
export function extremeMatches(
  patch: Float32Array,
  { columns, data }: PatchFeatures,
  counted: PatchMask,
): { readonly best: PatchMatch; readonly worst: PatchMatch } | null {
  const similarities = similaritiesTo(patch, data);
  let [best, worst] = [-1, -1];
  for (let i = 0; i < similarities.length; i++) {
    if (counted.data[i] === 0) continue;
    if (best === -1 || similarities[i]! > similarities[best]!) best = i;
    if (worst === -1 || similarities[i]! < similarities[worst]!) worst = i;
  }
  if (best === -1) return null;
  const at = (index: number): PatchMatch => ({
    row: Math.floor(index / columns),
    column: index % columns,
    similarity: similarities[index]!,
  });
  return { best: at(best), worst: at(worst) };
}

/** The centroid (of k x dimension) nearest in angle to every patch; -1 where the patch does not count. */
export function nearestCentroids(
  { dimension, data }: PatchFeatures,
  counted: PatchMask,
  centroids: Float32Array,
): Int32Array {
  return Int32Array.from(counted.data, (inside, patch) => {
    if (inside === 0) return -1;
    const similarities = similaritiesTo(data.subarray(patch * dimension, (patch + 1) * dimension), centroids);
    return similarities.indexOf(Math.max(...similarities));
  });
}
