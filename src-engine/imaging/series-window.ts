import type { Rescale, SampleWindow, ValueWindow } from '#shared/acquisition.ts';
import { intensityWindow } from '../models/intensity.ts';
import type { SampleData } from './sample-array.ts';

/** What people look at soft tissue with. */
export const softTissue: ValueWindow = { centre: 40, width: 400, function: 'linear', name: 'Soft tissue' };
const lung: ValueWindow = { centre: -600, width: 1500, function: 'linear', name: 'Lung' };
const bone: ValueWindow = { centre: 400, width: 1800, function: 'linear', name: 'Bone' };

/** For CT whose files offer none. */
export const hounsfieldWindows = [softTissue, lung, bone] as const;

export const rangeOf = ({ centre, width }: ValueWindow): SampleWindow => ({
  low: centre - width / 2,
  high: centre + width / 2,
});

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
