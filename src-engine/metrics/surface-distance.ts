import type { Mask } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';

/** Size of a pixel, in the unit the distances shall have. */
export interface PixelSpacing {
  readonly row: number;
  readonly column: number;
}

export interface SurfaceDistances {
  /** Hausdorff distance: the largest distance from one surface to the other. */
  readonly hd: number;
  /** 95th percentile of the distances in both directions together. */
  readonly hd95Pooled: number;
  /** The larger of the 95th percentiles of the two directions. */
  readonly hd95Max: number;
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Mask pixels with a 4-neighbour outside the mask or outside the image. */
export function surfacePixels({ width, height, data }: Mask): Int32Array {
  const inside = (x: number, y: number): boolean =>
    x >= 0 && y >= 0 && x < width && y < height && data[y * width + x] !== 0;
  const surface: number[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x] === 0) continue;
      if (!(inside(x - 1, y) && inside(x + 1, y) && inside(x, y - 1) && inside(x, y + 1))) {
        surface.push(y * width + x);
      }
    }
  }
  return Int32Array.from(surface);
}

function boundingBox(surfaces: readonly Int32Array[], width: number): Box {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const pixel of surfaces.flatMap((surface) => Array.from(surface))) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Squared distance along columns only, from every pixel of the box to the nearest site. */
function columnDistances(sites: Int32Array, box: Box, imageWidth: number, rowSpacing: number): Float64Array {
  const squared = new Float64Array(box.width * box.height).fill(Infinity);
  for (const site of sites) {
    const x = site % imageWidth;
    squared[((site - x) / imageWidth - box.top) * box.width + (x - box.left)] = 0;
  }
  for (let x = 0; x < box.width; x++) {
    for (const down of [true, false]) {
      let rows = Infinity;
      for (let i = 0; i < box.height; i++) {
        const at = (down ? i : box.height - 1 - i) * box.width + x;
        rows = squared[at] === 0 ? 0 : rows + 1;
        const distance = rows * rowSpacing;
        squared[at] = Math.min(squared[at]!, distance * distance);
      }
    }
  }
  return squared;
}

/** Adds the distance along rows: lower envelope of parabolas (Felzenszwalb and Huttenlocher 2012). */
function addRowDistances(squared: Float64Array, box: Box, columnSpacing: number): void {
  const { width, height } = box;
  const vertex = new Int32Array(width);
  const border = new Float64Array(width + 1);
  const heights = new Float64Array(width);
  const scale = columnSpacing * columnSpacing;
  for (let y = 0; y < height; y++) {
    const line = squared.subarray(y * width, (y + 1) * width);
    heights.set(line);
    let last = -1;
    for (let x = 0; x < width; x++) {
      if (heights[x] === Infinity) continue;
      let from = -Infinity;
      while (last >= 0) {
        const v = vertex[last]!;
        from = ((heights[x]! - heights[v]!) / scale + x * x - v * v) / (2 * (x - v));
        if (from > border[last]!) break;
        last--;
      }
      last++;
      vertex[last] = x;
      border[last] = last === 0 ? -Infinity : from;
    }
    if (last < 0) continue;
    border[last + 1] = Infinity;
    for (let x = 0, k = 0; x < width; x++) {
      while (border[k + 1]! < x) k++;
      const v = vertex[k]!;
      line[x] = scale * (x - v) * (x - v) + heights[v]!;
    }
  }
}

/** For every pixel of `from`, the distance to the nearest pixel of `to`; ascending. */
function directedDistances(
  from: Int32Array,
  to: Int32Array,
  box: Box,
  imageWidth: number,
  spacing: PixelSpacing,
): Float64Array {
  const squared = columnDistances(to, box, imageWidth, spacing.row);
  addRowDistances(squared, box, spacing.column);
  return Float64Array.from(from, (pixel) => {
    const x = pixel % imageWidth;
    const y = (pixel - x) / imageWidth;
    return Math.sqrt(squared[(y - box.top) * box.width + (x - box.left)]!);
  }).sort();
}

/** Percentile of ascending values, linear between neighbours. */
function percentile(sorted: Float64Array, percent: number): number {
  const position = ((sorted.length - 1) * percent) / 100;
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}

/**
 * Hausdorff distances between the surfaces of two masks of one size, exact, in the unit of the spacing.
 * Null when a mask is empty. Throws an 'invalid' Failure when the sizes differ.
 */
export function surfaceDistances(
  predicted: Mask,
  truth: Mask,
  spacing: PixelSpacing = { row: 1, column: 1 },
): SurfaceDistances | null {
  const { width } = predicted;
  if (width !== truth.width || predicted.height !== truth.height) {
    throw new Failure(
      'invalid',
      `Masks of ${width} x ${predicted.height} and ${truth.width} x ${truth.height} pixels cannot be compared.`,
    );
  }
  const a = surfacePixels(predicted);
  const b = surfacePixels(truth);
  if (a.length === 0 || b.length === 0) return null;
  const box = boundingBox([a, b], width);
  const forth = directedDistances(a, b, box, width, spacing);
  const back = directedDistances(b, a, box, width, spacing);
  const both = new Float64Array(forth.length + back.length);
  both.set(forth);
  both.set(back, forth.length);
  both.sort();
  return {
    hd: both.at(-1)!,
    hd95Pooled: percentile(both, 95),
    hd95Max: Math.max(percentile(forth, 95), percentile(back, 95)),
  };
}
