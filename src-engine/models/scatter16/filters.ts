/** The fixed filters of scatter16: nothing is learned, every number follows from the lines below. */

/** Dyadic scales; the grid of the deepest one has one cell every 2^4 = 16 pixels. */
export const SCALES = 4;
/** Orientations of the wavelets, k pi / 8 for k = 0 .. 7 (the other half turn gives the same moduli). */
export const ORIENTATIONS = 8;
/** Wavelets are WAVELET_SIZE x WAVELET_SIZE pixels, the binomial low-pass BINOMIAL_SIZE x BINOMIAL_SIZE. */
export const WAVELET_SIZE = 7;
export const BINOMIAL_SIZE = 5;
/** ITU-R BT.601 luma of red, green and blue; sums to 1, so grey stays grey. */
export const LUMINANCE = [0.299, 0.587, 0.114] as const;

/**
 * Which of two pixels is kept when a scale is halved, step by step. The feature of patch r is then centred on pixel
 * 16 r + 7, half a pixel from the middle of its patch; keeping the first one each time would shift every map by half a patch.
 */
export const KEPT_PIXEL = [1, 1, 1, 0] as const;

/**
 * Added under the logarithm, by scattering order: coefficients far below count as equal. Larger than the 0.01 of the usual
 * recipe: with that, the texture of one person's scan outweighs the brightness of a lesion in another's (docs/methods.md).
 */
export const LOG_OFFSETS = [0.2, 0.3, 0.3] as const;

/** The embedding's own offset: it compares whole images, where faint texture tells patients and slices apart. */
export const EMBEDDING_OFFSET = 0.01;

const ENVELOPE_SIGMA = 0.8;
const ENVELOPE_ELONGATION = 0.5;
const FREQUENCY = (3 * Math.PI) / 4;

/** A complex filter, row-major. */
export interface Wavelet {
  readonly real: readonly number[];
  readonly imaginary: readonly number[];
}

/**
 * Morlet wavelet at angle k pi / 8 (Bruna and Mallat 2013, section 2.1): a plane wave under a Gaussian that is longer
 * across the wave than along it, without its mean under that Gaussian, divided by the sum of its moduli.
 */
export function morlet(k: number): Wavelet {
  const angle = (k * Math.PI) / ORIENTATIONS;
  const radius = (WAVELET_SIZE - 1) / 2;
  const envelope: number[] = [];
  const cosine: number[] = [];
  const sine: number[] = [];
  for (let y = -radius; y <= radius; y++) {
    for (let x = -radius; x <= radius; x++) {
      const along = x * Math.cos(angle) + y * Math.sin(angle);
      const across = ENVELOPE_ELONGATION * (y * Math.cos(angle) - x * Math.sin(angle));
      const weight = Math.exp(-(along ** 2 + across ** 2) / (2 * ENVELOPE_SIGMA ** 2));
      envelope.push(weight);
      cosine.push(weight * Math.cos(FREQUENCY * along));
      sine.push(weight * Math.sin(FREQUENCY * along));
    }
  }
  const real = withoutMean(cosine, envelope);
  const imaginary = withoutMean(sine, envelope);
  const norm = sum(real.map((value, i) => Math.hypot(value, imaginary[i]!)));
  return { real: real.map((value) => value / norm), imaginary: imaginary.map((value) => value / norm) };
}

/** [1 4 6 4 1] / 16 along both axes, row-major. */
export function binomial(): number[] {
  const row = [1, 4, 6, 4, 1].map((value) => value / 16);
  return row.flatMap((a) => row.map((b) => a * b));
}

/** Unsigned difference of two orientations in steps of pi / 8, 0 .. 4. */
export function orientationDifference(a: number, b: number): number {
  const steps = Math.abs(a - b);
  return Math.min(steps, ORIENTATIONS - steps);
}

function withoutMean(values: readonly number[], envelope: readonly number[]): number[] {
  const mean = sum(values) / sum(envelope);
  return values.map((value, i) => value - mean * envelope[i]!);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
