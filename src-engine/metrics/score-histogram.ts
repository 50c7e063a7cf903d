import type { Mask, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { assertSameSize } from './overlap.ts';

export interface ScoreHistogram {
  /** Bin i spans min + i * width .. min + (i + 1) * width; scores outside fall into the outermost bins. */
  readonly min: number;
  readonly max: number;
  /** Normal and abnormal values in every bin. */
  readonly normal: Float64Array;
  readonly abnormal: Float64Array;
}

export interface HistogramBuilder {
  /** Counts every pixel of a map; without a mask all are normal. */
  addMap(map: ScoreMap, truth: Mask | null): void;
  /** Counts one score, for instance that of an image. */
  addScore(score: number, abnormal: boolean): void;
  result(): ScoreHistogram;
}

/** Counts scores in `bins` equal bins between min and max. Throws an 'invalid' Failure for an empty range. */
export function createScoreHistogram(min: number, max: number, bins: number): HistogramBuilder {
  if (!(max > min) || !Number.isInteger(bins) || bins < 1) {
    throw new Failure(
      'invalid',
      `A histogram needs at least one bin and a range, not ${bins} in ${min}..${max}.`,
    );
  }
  const normal = new Float64Array(bins);
  const abnormal = new Float64Array(bins);
  const perUnit = bins / (max - min);
  const count = (counts: Float64Array, score: number): void => {
    if (Number.isNaN(score)) return;
    const bin = Math.min(Math.max(Math.floor((score - min) * perUnit), 0), bins - 1);
    counts[bin] = counts[bin]! + 1;
  };
  return {
    addMap(map, truth) {
      if (truth) assertSameSize(map, truth);
      for (let i = 0; i < map.data.length; i++) {
        count(truth && truth.data[i] !== 0 ? abnormal : normal, map.data[i]!);
      }
    },
    addScore: (score, isAbnormal) => count(isAbnormal ? abnormal : normal, score),
    result: () => ({ min, max, normal: normal.slice(), abnormal: abnormal.slice() }),
  };
}
