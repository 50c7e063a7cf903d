import type { ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { factorise, squaredMahalanobis, triangleLength } from '../linear-algebra/cholesky.ts';

/** Feature maps of images, each channels x rows x columns. */
export interface FeatureMaps {
  readonly images: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** A Gaussian for every position of the grid. */
export interface PadimModel {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  /** positions x channels. */
  readonly means: Float64Array;
  /** Cholesky factor of the covariance at each position, lower triangle. */
  readonly factors: readonly Float64Array[];
}

/** Added to the covariances: 0.01 of the paper (section 3.2) and 1e-5 of anomalib before the inversion. */
const regularisation = 0.01 + 1e-5;

/**
 * PaDiM: mean and unbiased covariance of the training features at every position. Throws an 'invalid'
 * Failure for fewer than two images.
 */
export function fitPadim({ images, channels, rows, columns, data }: FeatureMaps): PadimModel {
  if (images < 2) throw new Failure('invalid', 'PaDiM needs at least two training images.');
  const positions = rows * columns;
  const means = new Float64Array(positions * channels);
  const centred = new Float64Array(images * channels);
  const factors = Array.from({ length: positions }, (_, position) => {
    for (let c = 0; c < channels; c++) {
      let sum = 0;
      for (let n = 0; n < images; n++) sum += data[(n * channels + c) * positions + position]!;
      const mean = sum / images;
      means[position * channels + c] = mean;
      for (let n = 0; n < images; n++) {
        centred[n * channels + c] = data[(n * channels + c) * positions + position]! - mean;
      }
    }
    const covariance = new Float64Array(triangleLength(channels));
    for (let a = 0, row = 0; a < channels; row += ++a) {
      for (let b = 0; b <= a; b++) {
        let sum = 0;
        for (let at = 0; at < centred.length; at += channels) sum += centred[at + a]! * centred[at + b]!;
        covariance[row + b] = sum / (images - 1) + (a === b ? regularisation : 0);
      }
    }
    return factorise(covariance, channels);
  });
  return { channels, rows, columns, means, factors };
}

/** Mahalanobis distance (root) of every position of every image to the Gaussian of that position. */
export function scorePadim(model: PadimModel, maps: FeatureMaps): ScoreMap[] {
  const { channels, rows, columns, means, factors } = model;
  if (maps.channels !== channels || maps.rows !== rows || maps.columns !== columns) {
    throw new Failure(
      'invalid',
      `Features of ${maps.channels} x ${maps.rows} x ${maps.columns} do not fit a model of ${channels} x ${rows} x ${columns}.`,
    );
  }
  const positions = rows * columns;
  const difference = new Float64Array(channels);
  return Array.from({ length: maps.images }, (_, n) => {
    const data = new Float32Array(positions);
    for (let position = 0; position < positions; position++) {
      for (let c = 0; c < channels; c++) {
        const value = maps.data[(n * channels + c) * positions + position]!;
        difference[c] = value - means[position * channels + c]!;
      }
      data[position] = Math.sqrt(squaredMahalanobis(factors[position]!, difference));
    }
    return { rows, columns, data };
  });
}
