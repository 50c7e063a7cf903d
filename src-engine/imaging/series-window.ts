import { type Rescale, sampleOf, type SampleWindow, type ValueWindow } from '#shared/acquisition.ts';
import { turnedCurve } from '#shared/grey-curve.ts';
import { intensityWindow } from '../models/intensity.ts';
import type { SampleData } from './sample-array.ts';

/** What people look at soft tissue with. */
const softTissue: ValueWindow = { centre: 40, width: 400, function: 'linear-exact', name: 'Soft tissue' };
const lung: ValueWindow = { centre: -600, width: 1500, function: 'linear-exact', name: 'Lung' };
const bone: ValueWindow = { centre: 400, width: 1800, function: 'linear-exact', name: 'Bone' };

/** For CT whose files offer none. */
export const hounsfieldWindows = [softTissue, lung, bone] as const;

/**
 * Whether values look like Hounsfield units, for volumes that do not say: air at -1000 or a little below, and nothing
 * far beyond the range of a scanner.
 */
export const looksLikeHounsfield = (minimum: number, maximum: number): boolean =>
  minimum <= -900 && minimum >= -4096 && maximum > 100 && maximum < 32_768;

/** In a whole volume some ringing is strong; as long as it is rare, 0 is still the background. */
const rareNegatives = 0.02;

/** One window for samples of a whole series, in values: as for a single image, so that all slices share a scale. */
export function pooledWindow(samples: SampleData, { slope, intercept }: Rescale): SampleWindow {
  const data = Float32Array.from(samples);
  const negatives = data.reduce((count, sample) => (sample < 0 ? count + 1 : count), 0);
  if (negatives < data.length * rareNegatives) {
    for (let i = 0; i < data.length; i++) if (data[i]! < 0) data[i] = 0;
  }
  const { low, high } = intensityWindow({ data, bits: 32 });
  const ends = [low * slope + intercept, high * slope + intercept];
  const window = { low: Math.min(...ends), high: Math.max(...ends) };
  return window.high > window.low ? window : { low: window.low, high: window.low + 1 };
}

/** A window of values as one of stored samples; the lower end stays below, black or white, whatever the sign of the slope. */
export function inSamples(rescale: Rescale, { low, high, curve }: SampleWindow): SampleWindow {
  const ends = [sampleOf(rescale, low), sampleOf(rescale, high)] as const;
  const range = { low: Math.min(...ends), high: Math.max(...ends) };
  return curve === undefined ? range : { ...range, curve: rescale.slope < 0 ? turnedCurve(curve) : curve };
}
