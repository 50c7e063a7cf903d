import type { Rescale } from '#shared/acquisition.ts';
import type { PixelArray } from '#shared/arrays.ts';
import type { SampleData } from './sample-array.ts';

export interface SampledSlice {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: SampleData;
  /** Significant bits, where fewer than the type has. */
  readonly bits?: number;
}

/** Samples in a type that a workspace keeps, with the rescale that still leads to the same values. */
export interface KeptSlice extends PixelArray {
  readonly rescale: Rescale;
}

/**
 * int8 widens to int16; 32-bit integers and float64 become float32, as values where that keeps more of them (a slope of
 * millionths); a fourth channel is alpha and is dropped.
 */
export function keptSamples(slice: SampledSlice, rescale: Rescale): KeptSlice {
  const { width, height } = slice;
  const channels = slice.channels === 1 ? 1 : 3;
  const base = { width, height, channels, rescale } as const;
  const data = slice.channels === 4 ? withoutAlpha(slice.data) : slice.data;
  if (data instanceof Uint8Array) return { ...base, bits: slice.bits ?? 8, data };
  if (data instanceof Int8Array) return { ...base, bits: 8, data: Int16Array.from(data) };
  if (data instanceof Uint16Array || data instanceof Int16Array)
    return { ...base, bits: slice.bits ?? 16, data };
  if (data instanceof Float32Array) return { ...base, bits: 32, data };
  return { ...base, bits: 32, data: Float32Array.from(data) };
}

function withoutAlpha(data: SampleData): SampleData {
  const colours = data.slice(0, (data.length / 4) * 3);
  for (let from = 0, to = 0; from < data.length; from += 4) {
    for (let channel = 0; channel < 3; channel++) colours[to++] = data[from + channel]!;
  }
  return colours;
}
