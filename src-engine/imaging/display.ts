import type { PixelArray } from '#shared/arrays.ts';
import { greyIn } from '#shared/grey-curve.ts';
import { pixelBytes } from './statistics.ts';

const windowSamples = 2 ** 16;

/**
 * 8-bit samples for pictures that people look at: thumbnails and report panels.
 *
 * Slices of a series are shown through the window they came with. 8-bit images are shown as they are and 1-bit images
 * in black and white. All others are shown through a window from
 * the 0.5th to the 99.5th percentile of their samples that are neither zero nor NaN, one window for all channels:
 * a few extreme samples do not darken the rest, and a background of exactly 0 stays black.
 */
export function displayBytes(pixels: PixelArray): Uint8Array {
  if (!pixels.window && pixels.data instanceof Uint8Array && pixels.bits === 8) return pixelBytes(pixels);
  const grey = greyIn(pixels.window ?? (pixels.bits === 1 ? { low: 0, high: 1 } : displayWindow(pixels)));
  const { data } = pixels;
  const bytes = new Uint8ClampedArray(data.length);
  // Clamped arrays round.
  for (let i = 0; i < data.length; i++) bytes[i] = 255 * grey(data[i]!);
  return new Uint8Array(bytes.buffer);
}

/**
 * 0.5th and 99.5th percentile of the finite samples other than zero, over about 65,536 samples spread evenly.
 * Where they agree (a binary mask of 16 bits) the window reaches to zero, so that high > low always.
 */
export function displayWindow({ data }: Pick<PixelArray, 'data'>): { low: number; high: number } {
  const step = Math.max(1, Math.floor(data.length / windowSamples));
  const seen = new Float32Array(Math.ceil(data.length / step));
  let count = 0;
  for (let i = 0; i < data.length; i += step) {
    const value = data[i]!;
    if (value !== 0 && Number.isFinite(value)) seen[count++] = value;
  }
  if (count === 0) return { low: 0, high: 1 };
  const sorted = seen.subarray(0, count).sort();
  const at = (fraction: number) => sorted[Math.round(fraction * (count - 1))]!;
  const [low, high] = [at(0.005), at(0.995)];
  return high > low ? { low, high } : { low: Math.min(0, low), high: Math.max(0, high) };
}
