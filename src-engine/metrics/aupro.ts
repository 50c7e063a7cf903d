import { Failure } from '#shared/errors.ts';
import { forEachStep, totalLength } from './ranking.ts';

export interface RegionScores {
  /** Scores of the pixels inside regions, ascending. */
  readonly positives: Float32Array;
  /** Region of each of those pixels, counted from 0. */
  readonly regions: Int32Array;
  /** Pixels of each region. */
  readonly regionSizes: readonly number[];
  /** Scores of the pixels outside all regions, in runs that ascend each. */
  readonly negativeRuns: readonly Float32Array[];
}

/**
 * Area under the per-region overlap curve up to a false positive rate, divided by that rate: every region
 * weighs the same whatever its size, the curve is exact with equal scores merged, and its end is
 * interpolated at the limit (Bergmann et al. 2021, section 4). Null without a region or without
 * a pixel outside; throws an 'invalid' Failure for a limit that is not in (0, 1].
 */
export function aupro(scores: RegionScores, limit: number): number | null {
  if (!(limit > 0 && limit <= 1)) {
    throw new Failure(
      'invalid',
      `The false positive rate limit must be above 0 and at most 1, not ${limit}.`,
    );
  }
  const { positives, regions, regionSizes, negativeRuns } = scores;
  const negatives = totalLength(negativeRuns);
  if (regionSizes.length === 0 || negatives === 0) return null;
  const shares = Float64Array.from(regionSizes, (size) => 1 / (size * regionSizes.length));
  let area = 0;
  let rate = 0;
  let overlap = 0;
  const lineTo = (nextRate: number, nextOverlap: number): void => {
    if (rate < limit && nextRate > rate) {
      const end = Math.min(nextRate, limit);
      const overlapAtEnd = overlap + ((nextOverlap - overlap) * (end - rate)) / (nextRate - rate);
      area += ((end - rate) * (overlap + overlapAtEnd)) / 2;
    }
    rate = nextRate;
    overlap = nextOverlap;
  };
  forEachStep(positives, negativeRuns, ({ from, to, negativesAbove, negativesAtOrAbove }) => {
    let gained = 0;
    for (let i = from; i < to; i++) gained += shares[regions[i]!]!;
    lineTo(negativesAbove / negatives, overlap);
    lineTo(negativesAtOrAbove / negatives, overlap + gained);
  });
  lineTo(1, overlap);
  return area / limit;
}
