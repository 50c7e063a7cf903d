import { createHash } from 'node:crypto';
import type { PixelArray } from '#shared/arrays.ts';

export interface Statistics {
  /** Over the finite samples of all channels. NaN where there is none. */
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly nanCount: number;
  readonly infiniteCount: number;
}

/** Minimum, maximum and mean over the finite samples of all channels; the others are counted. */
export function statistics({ data }: { readonly data: ArrayLike<number> }): Statistics {
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  let nanCount = 0;
  let infiniteCount = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    // x - x is 0 for finite numbers and NaN for all others.
    if (value - value !== 0) {
      if (Number.isNaN(value)) nanCount++;
      else infiniteCount++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
  }
  const finite = data.length - nanCount - infiniteCount;
  if (finite === 0) return { min: NaN, max: NaN, mean: NaN, nanCount, infiniteCount };
  return { min, max, mean: sum / finite, nanCount, infiniteCount };
}

/** The bytes of the samples; little-endian on every platform Node and Electron run on. Shares the memory. */
export function pixelBytes({ data }: Pick<PixelArray, 'data'>): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** SHA-256 of the little-endian bytes of the samples, hexadecimal: what names pixels in the blob store. */
export function sha256OfPixels(pixels: Pick<PixelArray, 'data'>): string {
  return sha256(pixelBytes(pixels));
}

/** SHA-256, hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
