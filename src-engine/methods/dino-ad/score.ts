import { anomalyMap, imageScore } from '#shared/anomaly-map.ts';
import type { PatchFeatures, PatchMask, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { kmeans } from '../kmeans/kmeans.ts';
import { meanCosineSimilarity } from './similarity.ts';

export interface SupportImage {
  readonly features: PatchFeatures;
  readonly foreground: PatchMask;
}

export interface DinoAdInput {
  /** One image in the paper; of several, all foreground patches are clustered together. */
  readonly support: readonly SupportImage[];
  readonly query: PatchFeatures;
  /** Patches of the query that count; null counts all, as in the paper. */
  readonly queryForeground: PatchMask | null;
  readonly k: number;
  readonly seed: number;
  readonly restarts?: number;
}

export interface DinoAdScore {
  /** 1 - mean cosine similarity of every patch, masked or not. */
  readonly scores: ScoreMap;
  /** The scores, 0 at patches that do not count. */
  readonly rawMap: ScoreMap;
  /** Mean of the largest 1 % of the raw map; comparable between images. */
  readonly imageScore: number;
  /** k x dimension, by decreasing count. */
  readonly centroids: Float32Array;
  /** Foreground patches of each centroid. */
  readonly counts: Int32Array;
  /** For every support image and patch: its centroid, -1 in the background. */
  readonly supportAssignments: readonly Int32Array[];
  readonly inertia: number;
}

function assertSupport({ features, foreground }: SupportImage, query: PatchFeatures): void {
  if (foreground.rows !== features.rows || foreground.columns !== features.columns) {
    throw new Failure(
      'invalid',
      `A support image of ${features.rows} x ${features.columns} patches cannot take a foreground of ${foreground.rows} x ${foreground.columns}.`,
    );
  }
  if (features.dimension !== query.dimension) {
    throw new Failure(
      'invalid',
      `Support features of dimension ${features.dimension} cannot be compared with a query of dimension ${query.dimension}.`,
    );
  }
}

/** The foreground rows of all support images, one after the other. */
function gatherForeground(support: readonly SupportImage[], dimension: number): Float32Array {
  const patches = support.map(({ foreground }) => foreground.data.reduce((sum, inside) => sum + inside, 0));
  const rows = new Float32Array(patches.reduce((sum, count) => sum + count, 0) * dimension);
  let at = 0;
  for (const { features, foreground } of support) {
    for (let patch = 0; patch < foreground.data.length; patch++) {
      if (foreground.data[patch] === 0) continue;
      rows.set(features.data.subarray(patch * dimension, (patch + 1) * dimension), at);
      at += dimension;
    }
  }
  return rows;
}

/**
 * DINO-AD: K-means on the foreground patches of the support image(s), then the mean cosine similarity of
 * every query patch with the centroids. Throws an 'invalid' Failure when shapes do not agree or no
 * support patch is foreground.
 */
export function scoreDinoAd(input: DinoAdInput): DinoAdScore {
  const { support, query, queryForeground, k, seed, restarts } = input;
  for (const image of support) assertSupport(image, query);
  const { dimension } = query;
  const rows = gatherForeground(support, dimension);
  if (rows.length === 0) {
    throw new Failure('invalid', 'The support image has no foreground: all its patches are background.');
  }
  const options = { k, seed, ...(restarts === undefined ? {} : { restarts }) };
  const clusters = kmeans(rows, rows.length / dimension, dimension, options);
  let next = 0;
  const supportAssignments = support.map(({ foreground }) =>
    Int32Array.from(foreground.data, (inside) => (inside ? clusters.assignments[next++]! : -1)),
  );
  const similarity = meanCosineSimilarity(query, clusters.centroids);
  const scores = { ...similarity, data: similarity.data.map((cosine) => 1 - cosine) };
  const rawMap = anomalyMap(scores, queryForeground, 'raw');
  return {
    scores,
    rawMap,
    imageScore: imageScore(rawMap),
    centroids: clusters.centroids,
    counts: clusters.counts,
    supportAssignments,
    inertia: clusters.inertia,
  };
}
