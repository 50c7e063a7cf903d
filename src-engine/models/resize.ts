/** Resizing of float planes with antialiasing, as PyTorch's `interpolate(antialias=True)` and Pillow do it. */

import type { Interpolation } from '#shared/model-description.ts';

interface Filter {
  /** Half its width at a ratio of 1, in source pixels. */
  readonly support: number;
  weight(x: number): number;
}

const filters: Readonly<Record<Interpolation, Filter>> = {
  bilinear: { support: 1, weight: triangle },
  bicubic: { support: 2, weight: cubic },
};

interface Taps {
  /** First source index of each target index. */
  readonly start: Int32Array;
  /** Weights of each target index, `width` apart, zero-filled. */
  readonly weights: Float32Array;
  readonly width: number;
}

/**
 * Resizes a row-major plane. When the image shrinks, the filter widens with the ratio; when it grows, this is plain
 * interpolation with half-pixel centres. Weights at the border are renormalised. Nothing is rounded or clipped: bicubic
 * values may lie beyond those of the source.
 */
export const resizePlane = (
  plane: Float32Array,
  width: number,
  height: number,
  newWidth: number,
  newHeight: number,
  interpolation: Interpolation = 'bilinear',
): Float32Array =>
  resizeRows(
    (y) => plane.subarray(y * width, (y + 1) * width),
    width,
    height,
    newWidth,
    newHeight,
    interpolation,
  );

/**
 * As `resizePlane`, of a plane that is never there as a whole: large photographs would take hundreds of megabytes.
 * @param rowAt gives one row after the other, in memory that the next may overwrite
 */
export function resizeRows(
  rowAt: (y: number) => Float32Array,
  width: number,
  height: number,
  newWidth: number,
  newHeight: number,
  interpolation: Interpolation,
): Float32Array {
  const filter = filters[interpolation];
  const across = taps(width, newWidth, filter);
  const narrow = new Float32Array(newWidth * height);
  for (let y = 0; y < height; y++) {
    const row = rowAt(y);
    for (let x = 0; x < newWidth; x++) {
      const from = across.start[x]!;
      const at = x * across.width;
      let sum = 0;
      for (let k = 0; k < across.width; k++) sum += row[from + k]! * across.weights[at + k]!;
      narrow[y * newWidth + x] = sum;
    }
  }
  const down = taps(height, newHeight, filter);
  const result = new Float32Array(newWidth * newHeight);
  for (let y = 0; y < newHeight; y++) {
    const target = y * newWidth;
    for (let k = 0; k < down.width; k++) {
      const weight = down.weights[y * down.width + k]!;
      if (weight === 0) continue;
      const source = (down.start[y]! + k) * newWidth;
      for (let x = 0; x < newWidth; x++)
        result[target + x] = result[target + x]! + weight * narrow[source + x]!;
    }
  }
  return result;
}

function taps(size: number, newSize: number, filter: Filter): Taps {
  const ratio = size / newSize;
  const filterScale = Math.max(ratio, 1);
  const reach = filterScale * filter.support;
  const width = Math.min(size, Math.ceil(reach) * 2 + 1);
  const start = new Int32Array(newSize);
  const weights = new Float32Array(newSize * width);
  for (let i = 0; i < newSize; i++) {
    const centre = ratio * (i + 0.5);
    const first = Math.max(0, Math.floor(centre - reach + 0.5));
    const last = Math.min(size, Math.floor(centre + reach + 0.5));
    // Taps past the border would read the next row; they begin earlier instead and weigh 0.
    const begin = Math.min(first, size - width);
    start[i] = begin;
    let total = 0;
    for (let j = first; j < last; j++) total += filter.weight((j + 0.5 - centre) / filterScale);
    for (let j = first; j < last; j++) {
      weights[i * width + j - begin] = filter.weight((j + 0.5 - centre) / filterScale) / total;
    }
  }
  return { start, weights, width };
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}

/** Keys' cubic with a = -0.5, which Pillow and PyTorch take where they antialias. */
function cubic(x: number): number {
  const d = Math.abs(x);
  if (d < 1) return (1.5 * d - 2.5) * d * d + 1;
  return d < 2 ? ((-0.5 * d + 2.5) * d - 4) * d + 2 : 0;
}
