import type { PatchFeatures, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { Components, logSumExp, logWeights, weights } from './mixture.ts';
import type { Mixture } from './mixture.ts';

export interface DpmmScore {
  readonly negativeLogLikelihood: ScoreMap;
  /** Distances to the nearest mean of an active component. */
  readonly euclidean: ScoreMap;
  readonly mahalanobis: ScoreMap;
  readonly cosine: ScoreMap;
  /** Components whose weight is above the threshold. */
  readonly activeComponents: number;
}

const smallestWeight = 1e-6;

/** Squared L2 distance and cosine distance of a row to a mean; a zero vector has cosine distance 1. */
function compareWithMean(
  rows: Float32Array,
  row: number,
  means: Float64Array,
  component: number,
  dimension: number,
): { squared: number; cosine: number } {
  const a = row * dimension;
  const b = component * dimension;
  let [squared, dot, normA, normB] = [0, 0, 0, 0];
  for (let d = 0; d < dimension; d++) {
    const [x, y] = [rows[a + d]!, means[b + d]!];
    squared += (x - y) * (x - y);
    dot += x * y;
    normA += x * x;
    normB += y * y;
  }
  const lengths = Math.sqrt(normA * normB);
  return { squared, cosine: lengths > 0 ? 1 - dot / lengths : 1 };
}

/**
 * Scores of every patch under a fitted mixture, components with a weight above 1e-6 only (DINO-DPMM, section 2).
 * As in the authors' program the likelihood takes the log weights as they are and the distances the normalised
 * weights. Throws an 'invalid' Failure when the dimensions differ.
 */
export function scoreDpmm(mixture: Mixture, image: PatchFeatures, threshold = smallestWeight): DpmmScore {
  const { k, dimension, means } = mixture;
  const { rows, columns, data } = image;
  if (image.dimension !== dimension) {
    throw new Failure(
      'invalid',
      `Features of dimension ${image.dimension} do not fit a mixture of dimension ${dimension}.`,
    );
  }
  const components = new Components(mixture);
  const logs = logWeights(mixture.breaks).map((log) => (Math.exp(log) > threshold ? log : -Infinity));
  const active = Array.from(weights(mixture.breaks).entries())
    .filter(([, weight]) => weight > threshold)
    .map(([j]) => j);
  const blank = (): ScoreMap => ({ rows, columns, data: new Float32Array(rows * columns) });
  const [negativeLogLikelihood, euclidean, mahalanobis, cosine] = [blank(), blank(), blank(), blank()];
  const logDensities = new Float64Array(k);
  for (let i = 0; i < rows * columns; i++) {
    for (let j = 0; j < k; j++) {
      logDensities[j] = logs[j] === -Infinity ? -Infinity : logs[j]! + components.logDensity(data, i, j);
    }
    let [nearest, nearestScaled, nearestCosine] = [Infinity, Infinity, Infinity];
    for (const j of active) {
      const compared = compareWithMean(data, i, means, j, dimension);
      nearest = Math.min(nearest, compared.squared);
      nearestCosine = Math.min(nearestCosine, compared.cosine);
      nearestScaled = Math.min(nearestScaled, components.squaredMahalanobis(data, i, j));
    }
    negativeLogLikelihood.data[i] = -logSumExp(logDensities);
    euclidean.data[i] = Math.sqrt(nearest);
    mahalanobis.data[i] = Math.sqrt(nearestScaled);
    cosine.data[i] = nearestCosine;
  }
  return { negativeLogLikelihood, euclidean, mahalanobis, cosine, activeComponents: active.length };
}
