/** Which stored values become black and which white. Pure. */
import type { GreyCurve, ValueWindow } from '#shared/acquisition.ts';
import type { PixelArray } from '#shared/arrays.ts';
import { valueRange } from '#shared/grey-curve.ts';

/** In rescaled units (stored value * slope + intercept). `low` and below is black, `high` and above white. */
export interface WindowLevel {
  readonly low: number;
  readonly high: number;
  /**
   * How greys run between: evenly if absent. `linear` is DICOM's LINEAR, whose ramp ends one value earlier; its sigmoid goes
   * on beyond the ends; a table is stretched over the window.
   */
  readonly curve?: 'linear' | GreyCurve;
}

/** Where greys begin and end: of DICOM's LINEAR not quite where the window does. */
export function rampOf({ low, high, curve }: WindowLevel): { readonly low: number; readonly high: number } {
  if (curve !== 'linear') return { low, high };
  return valueRange({ centre: (low + high) / 2, width: high - low, function: 'linear', name: null });
}

/** From stored values to the unit people read, for instance Hounsfield. */
export interface Rescale {
  readonly slope: number;
  readonly intercept: number;
}

export const asStored: Rescale = { slope: 1, intercept: 0 };

/** Percentiles are taken from at most so many evenly spread samples. */
const sampleLimit = 65_536;
const smallestRelativeWidth = 1e-6;

/** Width and centre, as radiologists read a window. */
export function widthAndCentre({ low, high }: WindowLevel): {
  readonly width: number;
  readonly centre: number;
} {
  return { width: high - low, centre: (low + high) / 2 };
}

/**
 * The window after a drag by CSS pixels: to the right widens it, down raises its centre. A drag over the
 * whole pane moves the centre by the window's width, so it feels the same for 16-bit values and for 0..1.
 */
export function dragWindow(window: WindowLevel, dx: number, dy: number, paneWidth: number): WindowLevel {
  const { width, centre } = widthAndCentre(window);
  const moved = centre + (dy * width) / paneWidth;
  const smallest = smallestRelativeWidth * Math.max(1, Math.abs(moved));
  const half = Math.max(smallest, width * Math.exp(dx / paneWidth)) / 2;
  return { ...window, low: moved - half, high: moved + half };
}

/** The window to open an image with: all values for up to 8 bits and for colour, percentiles for the rest. */
export function defaultWindow(pixels: PixelArray, rescale: Rescale = asStored): WindowLevel {
  const integer = !(pixels.data instanceof Float32Array);
  if (integer && (pixels.bits <= 8 || pixels.channels === 3)) {
    return rescaled(0, 2 ** pixels.bits - 1, rescale);
  }
  return autoWindow(pixels, rescale);
}

/** Windows radiologists know by name, in Hounsfield units. */
export const hounsfieldPresets = [
  { name: 'Soft tissue', width: 400, centre: 40 },
  { name: 'Liver', width: 150, centre: 90 },
  { name: 'Brain', width: 80, centre: 40 },
  { name: 'Lung', width: 1500, centre: -600 },
  { name: 'Bone', width: 2500, centre: 480 },
] as const;

/** A window by width and centre, evenly unless it says otherwise. */
export function windowOf({
  width,
  centre,
  function: shape = 'linear-exact',
}: Pick<ValueWindow, 'width' | 'centre'> & Partial<Pick<ValueWindow, 'function'>>): WindowLevel {
  const range = { low: centre - width / 2, high: centre + width / 2 };
  return shape === 'linear-exact' ? range : { ...range, curve: shape };
}

/** Every value an image holds, from black to white. */
export function fullWindow(pixels: PixelArray, rescale: Rescale = asStored): WindowLevel {
  return autoWindow(pixels, rescale, 0, 1);
}

/**
 * A window for magnetic resonance, whose values have no unit: the 1st to the 99th percentile of the samples that are
 * not background (0), as in the intensity standardisation of Nyul and Udupa (1999).
 */
export function tissueWindow(pixels: PixelArray, rescale: Rescale = asStored): WindowLevel {
  return autoWindow(pixels, rescale, 0.01, 0.99, 0);
}

/** The window between two fractions (0..1) of the sorted finite values, samples of the background left out. */
export function autoWindow(
  pixels: PixelArray,
  rescale: Rescale = asStored,
  lowFraction = 0.005,
  highFraction = 0.995,
  background?: number,
): WindowLevel {
  const stride = Math.max(1, Math.ceil(pixels.data.length / sampleLimit));
  const samples = new Float64Array(Math.ceil(pixels.data.length / stride));
  let count = 0;
  for (let i = 0; i < pixels.data.length; i += stride) {
    const value = pixels.data[i]!;
    if (Number.isFinite(value) && value !== background) samples[count++] = value;
  }
  if (count === 0) return { low: 0, high: 1 };
  const sorted = samples.subarray(0, count).sort();
  const at = (fraction: number) => sorted[Math.round(fraction * (count - 1))]!;
  return rescaled(at(lowFraction), at(highFraction), rescale);
}

function rescaled(low: number, high: number, { slope, intercept }: Rescale): WindowLevel {
  const ends = [low * slope + intercept, high * slope + intercept] as const;
  const [first, last] = slope < 0 ? [ends[1], ends[0]] : ends;
  return last > first ? { low: first, high: last } : { low: first, high: first + 1 };
}
