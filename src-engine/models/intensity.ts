/** Stored samples of any depth to 0 .. 1. */

import type { SampleWindow } from '#shared/acquisition.ts';
import type { PixelArray } from '#shared/arrays.ts';
import { greyIn } from '#shared/grey-curve.ts';

/** Share of the samples at or below the upper end of the window: a few hot pixels must not darken the image. */
const UPPER_QUANTILE = 0.999;
/** Negative values this small against the upper end are ringing of an interpolation; they do not move the black point. */
const RINGING = 0.05;

/**
 * The window of an image: samples at `low` become 0, at `high` 1, and what lies beyond is clipped. Slices of a series come
 * with one, so that they share a scale, and with the curve of a VOI LUT where their file has one. Of the others, 8-bit and 1-bit images keep their own scale (0 .. 255, 0 .. 1), so that a set exported with one
 * scale stays comparable. All other depths have no common scale: `low` is 0, or the minimum where the image has values
 * clearly below 0 (CT); `high` is the 99.9th percentile of the samples that are not background (not 0; all samples
 * where 0 is not the background because `low` is below it). NaN and infinities are ignored.
 */
export function intensityWindow({
  data,
  bits,
  window,
}: Pick<PixelArray, 'data' | 'bits' | 'window'>): SampleWindow {
  if (window) return window;
  if (data instanceof Uint8Array) return { low: 0, high: bits === 1 ? 1 : 255 };
  let minimum = 0;
  for (let i = 0; i < data.length; i++) if (data[i]! < minimum && data[i]! > -Infinity) minimum = data[i]!;
  const high = quantile(data, UPPER_QUANTILE, (value) => value !== 0);
  if (minimum >= -RINGING * high) return { low: 0, high };
  return { low: minimum, high: quantile(data, UPPER_QUANTILE, () => true) };
}

/** The sample of rank ceil(q n) among the n finite ones that `counts` keeps; 0 where there is none. */
function quantile(data: PixelArray['data'], q: number, counts: (value: number) => boolean): number {
  const kept = new Float32Array(data.length);
  let length = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    if (Number.isFinite(value) && counts(value)) kept[length++] = value;
  }
  return length === 0 ? 0 : selectSorted(kept.subarray(0, length), Math.max(0, Math.ceil(q * length) - 1));
}

/**
 * Element `rank` of the sorted values, without sorting them: float32 bits, made to order like the numbers they stand for,
 * are counted by their upper and then by their lower half.
 */
function selectSorted(values: Float32Array, rank: number): number {
  const keys = new Uint32Array(values.buffer, values.byteOffset, values.length).slice();
  for (let i = 0; i < keys.length; i++) {
    const bits = keys[i]!;
    keys[i] = bits & 0x8000_0000 ? ~bits : bits | 0x8000_0000;
  }
  const upper = new Uint32Array(65_536);
  for (const key of keys) upper[key >>> 16]!++;
  let before = 0;
  let high = 0;
  while (before + upper[high]! <= rank) before += upper[high++]!;
  const lower = new Uint32Array(65_536);
  for (const key of keys) if (key >>> 16 === high) lower[key & 0xffff]!++;
  let low = 0;
  while (before + lower[low]! <= rank) before += lower[low++]!;
  const key = ((high << 16) | low) >>> 0;
  const bits = Uint32Array.of(key & 0x8000_0000 ? key & 0x7fff_ffff : ~key);
  return new Float32Array(bits.buffer)[0]!;
}

/**
 * Rows of one channel of an image in 0 .. 1, each overwritten by the next. A value that is not a number becomes 0.
 */
export function rowsInWindow(
  { data, channels, width }: PixelArray,
  channel: number,
  window: SampleWindow,
): (y: number) => Float32Array {
  const grey = greyIn(window);
  const row = new Float32Array(width);
  return (y) => {
    for (let x = 0, at = y * width * channels + channel; x < width; x++, at += channels)
      row[x] = grey(data[at]!);
    return row;
  };
}
