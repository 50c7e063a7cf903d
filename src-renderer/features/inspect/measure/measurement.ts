/** Lengths, angles and values of what is measured on an image. Pure. */
import type { PixelArray } from '#shared/arrays.ts';
import type { Rescale } from '#shared/acquisition.ts';
import type { Spacing } from '#shared/domain.ts';
import type { Measurement } from '#shared/measurement.ts';

type Point = readonly [number, number];
/** What encloses an area, wherever it comes from. */
type Area = Pick<Extract<Measurement, { kind: 'rectangle' | 'ellipse' }>, 'kind' | 'from' | 'to'>;

/** What is known of an image that makes pixels millimetres and samples values. */
export interface Units {
  readonly spacing: Spacing | null;
  readonly rescale: Rescale | null;
}

export interface AreaStatistics {
  /** Pixels whose centre lies inside. */
  readonly count: number;
  readonly mean: number;
  /** Of a sample: divided by count - 1; 0 for a single pixel. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
}

/** From a to b, in millimetres where the spacing is known, else in pixels. */
function travel([ax, ay]: Point, [bx, by]: Point, spacing: Spacing | null): Point {
  return spacing ? [(bx - ax) * spacing.column, (by - ay) * spacing.row] : [bx - ax, by - ay];
}

export const distance = (a: Point, b: Point, spacing: Spacing | null): number =>
  Math.hypot(...travel(a, b, spacing));

/** Degrees, 0 .. 180; 0 when an arm has no length. */
export function angle(from: Point, corner: Point, to: Point, spacing: Spacing | null): number {
  const [a, b] = [travel(corner, from, spacing), travel(corner, to, spacing)];
  const cross = a[0] * b[1] - a[1] * b[0];
  const dot = a[0] * b[0] + a[1] * b[1];
  return (Math.abs(Math.atan2(cross, dot)) * 180) / Math.PI;
}

/** Square millimetres or pixels, of the shape itself rather than of the pixels in it. */
export function areaOf({ kind, from, to }: Area, spacing: Spacing | null): number {
  const [width, height] = travel(from, to, spacing);
  return Math.abs(width * height) * (kind === 'ellipse' ? Math.PI / 4 : 1);
}

/**
 * Values of the pixels whose centre lies inside, of grey images (the first channel of others); null where there is none.
 * Missing values (NaN) do not count.
 */
export function areaStatistics(
  { kind, from, to }: Area,
  { width, height, channels, data }: PixelArray,
  rescale: Rescale | null,
): AreaStatistics | null {
  const [left, right] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
  const [top, bottom] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
  const [cx, cy, rx, ry] = [(left + right) / 2, (top + bottom) / 2, (right - left) / 2, (bottom - top) / 2];
  const isInside = (x: number, y: number) =>
    kind === 'rectangle' || ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1;
  let [count, mean, squares, min, max] = [0, 0, 0, Infinity, -Infinity];
  for (let y = Math.max(0, Math.ceil(top - 0.5)); y < Math.min(height, bottom - 0.5 + 1e-9); y++) {
    for (let x = Math.max(0, Math.ceil(left - 0.5)); x < Math.min(width, right - 0.5 + 1e-9); x++) {
      if (!isInside(x + 0.5, y + 0.5)) continue;
      const sample = data[(y * width + x) * channels]!;
      if (Number.isNaN(sample)) continue;
      const value = rescale ? rescale.slope * sample + rescale.intercept : sample;
      // Welford: the mean may be large beside the deviation.
      count += 1;
      const off = value - mean;
      mean += off / count;
      squares += off * (value - mean);
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
  }
  if (count === 0) return null;
  return { count, mean, deviation: count > 1 ? Math.sqrt(squares / (count - 1)) : 0, min, max };
}
