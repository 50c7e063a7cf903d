import { imageScore } from '#shared/anomaly-map.ts';
import type { PatchFeatures, PatchMask, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { RowMatrix } from '../linear-algebra/row-matrix.ts';
import { Smallest } from '../linear-algebra/smallest.ts';
import { normaliseRows } from '../linear-algebra/vectors.ts';
import { maskScores } from './memory-bank.ts';

/**
 * Which distances a patch averages, k being floor(quantile x bank). `inclusive`: the max(1, k) smallest.
 * `official`: those strictly below the k-th smallest, as the authors' program does; undefined (NaN) for k = 1,
 * refused for k = 0.
 */
export type TailRule = 'inclusive' | 'official';

export interface BatchedSettings {
  readonly rule: TailRule;
  /** 0.001 in the paper. */
  readonly quantile?: number;
}

export interface BatchedScore {
  readonly patchScores: ScoreMap;
  /** Null where the rule leaves it undefined. */
  readonly imageScore: number | null;
}

const tileRows = 512;

/** Scores of the patches of an image from the `kept` smallest cosine distances of each; `kept` as `tailSize` says. */
export function tailScores(
  distances: readonly Smallest[],
  { rows, columns }: Pick<PatchFeatures, 'rows' | 'columns'>,
  rule: TailRule,
): ScoreMap {
  return { rows, columns, data: Float32Array.from(distances, (tail) => tailMean(tail, rule)) };
}

/** Distances of a patch that are kept. @throws Failure `invalid` for a bank too small for the official rule */
export function tailSize(bankSize: number, { rule, quantile = 0.001 }: BatchedSettings): number {
  const k = Math.floor(quantile * bankSize);
  if (k === 0 && rule === 'official') {
    throw new Failure('invalid', `A bank of ${bankSize} patches is too small for the official tail rule.`);
  }
  return Math.max(1, k);
}

function tailMean(distances: Smallest, rule: TailRule): number {
  const { limit, values } = distances;
  const counted = rule === 'inclusive' ? values : values.filter((value) => value < limit);
  return counted.reduce((sum, value) => sum + value, 0) / counted.length;
}

/** The official image score has no fallback for fewer than 100 patches. */
function scoreOfImage(patchScores: ScoreMap, rule: TailRule): number | null {
  if (rule === 'official' && patchScores.data.length < 100) return null;
  const score = imageScore(patchScores);
  return Number.isNaN(score) ? null : score;
}

/**
 * AnomalyDINO zero-shot on a batch: the bank of each image is all patches of all other images, and a patch's
 * score is the tail mean of its cosine distances to them (section 3.3). Masked patches get 0
 * afterwards; the bank keeps them. Throws an 'invalid' Failure for fewer than two images, features
 * of different dimensions, or a bank too small for the official rule.
 */
export function scoreBatch(
  images: readonly PatchFeatures[],
  masks: readonly (PatchMask | null)[],
  settings: BatchedSettings,
): BatchedScore[] {
  const { rule } = settings;
  const dimension = images[0]?.dimension ?? 0;
  if (images.length < 2 || images.some((image) => image.dimension !== dimension)) {
    throw new Failure('invalid', 'Batched scoring needs at least two images with features of one dimension.');
  }
  const unit = images.map(({ data, rows, columns }) => normaliseRows(data, rows * columns, dimension));
  return images.map((image, index) => {
    const others = unit.filter((_, other) => other !== index);
    const bankSize = others.reduce((sum, other) => sum + other.length / dimension, 0);
    const kept = tailSize(bankSize, settings);
    const count = image.rows * image.columns;
    const tails = Array.from({ length: count }, () => new Smallest(kept));
    const matrix = new RowMatrix(unit[index]!, count, dimension);
    for (const other of others) collect(matrix, other, tails);
    const patchScores = maskScores(tailScores(tails, image, rule), masks[index] ?? null);
    return { patchScores, imageScore: scoreOfImage(patchScores, rule) };
  });
}

/** Adds the cosine distances of every patch to the patches of another image. */
function collect(matrix: RowMatrix, other: Float32Array, tails: readonly Smallest[]): void {
  const count = other.length / matrix.dimension;
  for (let start = 0; start < count; start += tileRows) {
    const rows = Math.min(tileRows, count - start);
    const tile = other.subarray(start * matrix.dimension, (start + rows) * matrix.dimension);
    const { products, stride } = matrix.multiply(tile, rows);
    for (const [i, tail] of tails.entries()) {
      for (let j = 0; j < rows; j++) {
        const distance = 1 - products[i * stride + j]!;
        if (distance < tail.limit) tail.add(distance, start + j);
      }
    }
  }
}
