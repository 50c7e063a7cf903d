/** The calibrated scale as the viewer and the colour bar need it. Pure. */
import type { ScoreMap } from '#shared/arrays.ts';
import { fractionText, hotterThan, nines, type Calibration } from '#shared/calibration.ts';
import type { Range } from './threshold.ts';

const entries = 1024;

/** Where raw scores stand in the colours, evenly spaced over a range. */
export function calibratedTransfer(calibration: Calibration, { low, high }: Range): ScoreMap {
  const data = Float32Array.from({ length: entries }, (_, i) =>
    nines(hotterThan(calibration, low + (i / (entries - 1)) * (high - low))),
  );
  return { rows: 1, columns: entries, data };
}

export interface Tick {
  /** 0 is the bottom of the colour bar, 1 its top. */
  readonly part: number;
  readonly text: string;
}

export const calibratedTicks: readonly Tick[] = [0, 0.9, 0.99, 0.999, 0.9999].map((fraction) => ({
  part: nines(fraction),
  text: fraction === 0 ? '0 %' : `${Number((fraction * 100).toFixed(2))} %`,
}));

/** A raw score on the calibrated scale. */
export function calibratedTick(calibration: Calibration, score: number): Tick {
  const fraction = hotterThan(calibration, score);
  return { part: nines(fraction), text: fractionText(fraction) };
}
