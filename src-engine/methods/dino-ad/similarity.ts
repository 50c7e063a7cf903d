import type { PatchFeatures, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { cosine, dotRows, squaredNorms } from '../linear-algebra/vectors.ts';

/**
 * Mean over the centroids (k x dimension) of the cosine similarity with every patch of the query (DINO-AD,
 * similarity map). A zero vector has similarity 0 with everything.
 */
export function meanCosineSimilarity(query: PatchFeatures, centroids: Float32Array): ScoreMap {
  const { rows, columns, dimension, data: features } = query;
  const k = centroids.length / dimension;
  if (!Number.isInteger(k) || k < 1) {
    throw new Failure(
      'invalid',
      `Centroids of ${centroids.length} values do not fit features of dimension ${dimension}.`,
    );
  }
  const norms = squaredNorms(features, rows * columns, dimension);
  const centroidNorms = squaredNorms(centroids, k, dimension);
  const data = new Float32Array(rows * columns);
  for (let i = 0; i < data.length; i++) {
    let sum = 0;
    for (let j = 0; j < k; j++) {
      sum += cosine(dotRows(features, i, centroids, j, dimension), norms[i]!, centroidNorms[j]!);
    }
    data[i] = sum / k;
  }
  return { rows, columns, data };
}
