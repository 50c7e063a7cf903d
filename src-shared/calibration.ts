/**
 * The calibrated scale: how hot a pixel is compared with the pixels of normal images, each scored against the others
 * ("leave one out"). A table of quantiles is all that is kept. Pure.
 */
import { z } from 'zod';

export const Calibration = z.object({
  /** Normal images that were scored. */
  images: z.int().positive(),
  /** Pixels of their foreground. */
  pixels: z.int().positive(),
  /** Ascending, from 0 to 1, densest towards 1. */
  fractions: z.array(z.number()),
  /** Raw scores, ascending: the fraction of the pixels that lie below each. */
  scores: z.array(z.number()),
});
export type Calibration = z.infer<typeof Calibration>;

/** Fractions of the table: every half per cent, and towards 1 twenty steps a power of ten down to one in a million. */
export const calibrationFractions: readonly number[] = [
  ...Array.from({ length: 198 }, (_, i) => i / 200),
  ...Array.from({ length: 80 }, (_, i) => 1 - 10 ** (-2 - i / 20)),
  1,
];

/** Fraction (0..1) of the normals' pixels that are less hot than a raw score, linear between the table's entries. */
export function hotterThan({ fractions, scores }: Calibration, score: number): number {
  return interpolate(scores, fractions, score);
}

/** The raw score that a fraction of the normals' pixels lie below: the inverse of {@link hotterThan}. */
export function scoreAt({ fractions, scores }: Calibration, fraction: number): number {
  return interpolate(fractions, scores, fraction);
}

/** Value of a broken line at `x`; the ends beyond them. Of equal positions the last counts. */
function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  const last = xs.length - 1;
  if (!(x >= xs[0]!)) return ys[0]!;
  if (x >= xs[last]!) return ys[last]!;
  // Invariant: xs[low] <= x < xs[high].
  let [low, high] = [0, last];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (xs[middle]! <= x) low = middle;
    else high = middle;
  }
  const part = (x - xs[low]!) / (xs[high]! - xs[low]!);
  return ys[low]! + part * (ys[high]! - ys[low]!);
}

const mostNines = 4;

/**
 * Where a fraction stands in the colours, 0..1: evenly by nines, so that 90, 99, 99.9 and 99.99 % are equally far apart.
 * Everything below one in two is 0.
 */
export function nines(fraction: number): number {
  return Math.min(1, Math.max(0, -Math.log10(Math.max(1 - fraction, 1e-12)) / mostNines));
}

/** "99.7 %": as many digits as tell it apart from 100. */
export function fractionText(fraction: number): string {
  if (fraction >= 1) return '100 %';
  const digits = Math.min(4, Math.max(1, Math.ceil(-Math.log10(1 - fraction) - 1e-9) - 2));
  // Never rounded up to a hundred: somebody was as hot.
  const text = Math.floor(fraction * 100 * 10 ** digits + 1e-6) / 10 ** digits;
  return `${text.toFixed(digits)} %`;
}
