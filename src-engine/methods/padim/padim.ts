import type { PatchFeatures, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { createRandom } from '#shared/random.ts';
import { factorise, squaredMahalanobis, triangleLength } from '../linear-algebra/cholesky.ts';

/** A Gaussian for every position of the grid. */
export interface PadimModel {
  readonly rows: number;
  readonly columns: number;
  /** Which channels of the features are compared. */
  readonly channels: Int32Array;
  /** positions x channels. */
  readonly means: Float64Array;
  /** Cholesky factor of the covariance at each position, lower triangles one after the other. */
  readonly factors: Float64Array;
}

/** Added to every variance besides the shrinkage, as anomalib does before the inversion. */
const stabiliser = 1e-5;

/** `wanted` channels of `dimension`, drawn once without repetition, in ascending order; all where there are no more. */
export function drawChannels(dimension: number, wanted: number, seed: number): Int32Array {
  const all = Array.from({ length: dimension }, (_, channel) => channel);
  if (wanted >= dimension) return Int32Array.from(all);
  const random = createRandom(seed);
  const drawn = Array.from({ length: wanted }, () => all.splice(random.integer(all.length), 1)[0]!);
  return Int32Array.from(drawn).sort();
}

/**
 * Fits PaDiM (section 3.2) image by image in two passes: `addToMeans` of all, `addToCovariances` of all, `finish`. The
 * covariances are unbiased; `shrinkage` is added to the variances (0.01 in the paper).
 */
export class PadimFit {
  private readonly grid: { readonly rows: number; readonly columns: number };
  private readonly channels: Int32Array;
  private readonly means: Float64Array;
  private readonly covariances: Float64Array;
  private images = 0;

  constructor(grid: { readonly rows: number; readonly columns: number }, channels: Int32Array) {
    const positions = grid.rows * grid.columns;
    this.grid = grid;
    this.channels = channels;
    this.means = new Float64Array(positions * channels.length);
    this.covariances = new Float64Array(positions * triangleLength(channels.length));
  }

  addToMeans(image: PatchFeatures): void {
    assertGrid(image, this.grid);
    this.images += 1;
    const { channels, means } = this;
    for (let at = 0, row = 0; at < means.length; row += image.dimension) {
      for (const channel of channels) {
        // The running mean: exact enough in float64, and no sum has to be divided at the end.
        means[at] = means[at]! + (image.data[row + channel]! - means[at]!) / this.images;
        at += 1;
      }
    }
  }

  addToCovariances(image: PatchFeatures): void {
    assertGrid(image, this.grid);
    const { channels, means, covariances } = this;
    const count = channels.length;
    const centred = new Float64Array(count);
    const positions = means.length / count;
    for (let position = 0, at = 0; position < positions; position++) {
      const row = position * image.dimension;
      for (let c = 0; c < count; c++) {
        centred[c] = image.data[row + channels[c]!]! - means[position * count + c]!;
      }
      for (let a = 0; a < count; a++) {
        const own = centred[a]!;
        for (let b = 0; b <= a; b++, at++) covariances[at] = covariances[at]! + own * centred[b]!;
      }
    }
  }

  /** @throws Failure `invalid` for fewer than two images */
  finish(shrinkage: number): PadimModel {
    if (this.images < 2) throw new Failure('invalid', 'PaDiM needs at least two training images.');
    const { grid, channels, means, covariances, images } = this;
    const length = triangleLength(channels.length);
    for (let at = 0; at < covariances.length; at += length) {
      const covariance = covariances.subarray(at, at + length);
      for (let i = 0; i < length; i++) covariance[i] = covariance[i]! / (images - 1);
      for (let a = 0, diagonal = 0; a < channels.length; a++, diagonal += a + 1) {
        covariance[diagonal] = covariance[diagonal]! + shrinkage + stabiliser;
      }
      factorise(covariance, channels.length);
    }
    return { ...grid, channels, means, factors: covariances };
  }
}

/** Mahalanobis distance (root) of every position of an image to the Gaussian of that position. */
export function scorePadim(
  { rows, columns, channels, means, factors }: PadimModel,
  image: PatchFeatures,
): ScoreMap {
  assertGrid(image, { rows, columns });
  const count = channels.length;
  const length = triangleLength(count);
  const difference = new Float64Array(count);
  const data = Float32Array.from({ length: rows * columns }, (_, position) => {
    for (let c = 0; c < count; c++) {
      const value = image.data[position * image.dimension + channels[c]!]!;
      difference[c] = value - means[position * count + c]!;
    }
    return Math.sqrt(
      squaredMahalanobis(factors.subarray(position * length, (position + 1) * length), difference),
    );
  });
  return { rows, columns, data };
}

function assertGrid(image: PatchFeatures, { rows, columns }: { rows: number; columns: number }): void {
  if (image.rows === rows && image.columns === columns) return;
  throw new Failure(
    'invalid',
    `Features of ${image.rows} x ${image.columns} patches do not fit Gaussians of ${rows} x ${columns}: PaDiM needs images of one shape.`,
  );
}
