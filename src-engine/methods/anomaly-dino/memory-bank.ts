import { imageScore } from '#shared/anomaly-map.ts';
import type { PatchFeatures, PatchMask, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { nearestNeighbours } from '../linear-algebra/nearest-neighbours.ts';
import type { Neighbours, Rows } from '../linear-algebra/nearest-neighbours.ts';
import { normaliseRows } from '../linear-algebra/vectors.ts';

/**
 * `cosine`: squared L2 distance of unit vectors / 2, which is the cosine distance, except that a zero
 * vector is 0.5 away from everything. `l2`: plain distance of the features as they are.
 */
export type PatchMetric = 'cosine' | 'l2';

/** Reference patches, prepared for a metric. */
export interface MemoryBank extends Rows {
  readonly metric: PatchMetric;
}

/** The rows of an image that count, one after the other. */
export function countedRows({ data, dimension }: PatchFeatures, counted: PatchMask | null): Float32Array {
  if (!counted) return data;
  const kept = Array.from(counted.data.keys()).filter((patch) => counted.data[patch] !== 0);
  const rows = new Float32Array(kept.length * dimension);
  for (const [i, patch] of kept.entries()) {
    rows.set(data.subarray(patch * dimension, (patch + 1) * dimension), i * dimension);
  }
  return rows;
}

/**
 * Collects the patches of the reference images (AnomalyDINO, section 3.1). References are not masked unless
 * `masks` names the patches that count; null or nothing for an image counts all.
 */
export function buildMemoryBank(
  references: readonly PatchFeatures[],
  metric: PatchMetric,
  masks: readonly (PatchMask | null)[] = [],
): MemoryBank {
  const dimension = references[0]?.dimension ?? 0;
  if (references.some((image) => image.dimension !== dimension)) {
    throw new Failure(
      'invalid',
      'References with features of different dimensions cannot share a memory bank.',
    );
  }
  const parts = references.map((image, i) => countedRows(image, masks[i] ?? null));
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  const count = dimension === 0 ? 0 : data.length / dimension;
  return {
    data: metric === 'cosine' ? normaliseRows(data, count, dimension) : data,
    count,
    dimension,
    metric,
  };
}

export interface PatchDistances {
  readonly distances: ScoreMap;
  /** Bank row nearest to each patch. */
  readonly nearest: Int32Array;
}

/**
 * Distance of every patch to its k nearest bank rows: the mean of squared L2 / 2 (`cosine`), or the root of
 * the mean of squared L2 (`l2`); AnomalyDINO, equation 1, as its program computes it for k > 1.
 */
export function patchDistances(bank: MemoryBank, image: PatchFeatures, k = 1): PatchDistances {
  const found = nearestNeighbours(queryRows(image, bank.metric), bank, k);
  return distancesFrom(found, image, bank.metric);
}

/** The patches of an image as they are searched for. */
export function queryRows({ rows, columns, dimension, data }: PatchFeatures, metric: PatchMetric): Rows {
  const count = rows * columns;
  return { count, dimension, data: metric === 'cosine' ? normaliseRows(data, count, dimension) : data };
}

/** Patch distances from neighbours that were found by whatever search. */
export function distancesFrom(
  found: Neighbours,
  { rows, columns }: Pick<PatchFeatures, 'rows' | 'columns'>,
  metric: PatchMetric,
): PatchDistances {
  const count = rows * columns;
  const cosine = metric === 'cosine';
  const data = new Float32Array(count);
  const nearest = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    let sum = 0;
    for (let j = i * found.k; j < (i + 1) * found.k; j++) sum += found.squaredDistances[j]!;
    const mean = sum / found.k;
    data[i] = cosine ? mean / 2 : Math.sqrt(mean);
    nearest[i] = found.indices[i * found.k]!;
  }
  return { distances: { rows, columns, data }, nearest };
}

export interface FewShotScore {
  /** Distances of all patches, masked or not. */
  readonly distances: ScoreMap;
  readonly nearest: Int32Array;
  /** Distances with 0 at masked patches: the anomaly map on the patch grid. */
  readonly anomalyMap: ScoreMap;
  /** Mean of the largest 1 %, masked patches counted as 0. */
  readonly imageScore: number;
}

/** Patches that do not count get 0. */
export function maskScores(scores: ScoreMap, counted: PatchMask | null): ScoreMap {
  if (!counted) return scores;
  if (counted.rows !== scores.rows || counted.columns !== scores.columns) {
    throw new Failure(
      'invalid',
      `Scores of ${scores.rows} x ${scores.columns} patches cannot take a mask of ${counted.rows} x ${counted.columns}.`,
    );
  }
  return { ...scores, data: scores.data.map((score, i) => (counted.data[i] === 0 ? 0 : score)) };
}

/** AnomalyDINO few-shot: one image against a memory bank; `counted` null counts every patch. */
export function scoreFewShot(
  bank: MemoryBank,
  image: PatchFeatures,
  counted: PatchMask | null,
  k = 1,
): FewShotScore {
  const { distances, nearest } = patchDistances(bank, image, k);
  const anomalyMap = maskScores(distances, counted);
  return { distances, nearest, anomalyMap, imageScore: imageScore(anomalyMap) };
}
