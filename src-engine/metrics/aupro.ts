import { Failure } from '#shared/errors.ts';
import type { CurvePoint } from '#shared/evaluation.ts';
import { curveCollector } from './curve-collector.ts';
import type { Ranking } from './ranking.ts';

/** Which region each positive of a ranking belongs to. */
export interface RegionsOfPositives {
  /** Region of each positive, counted from 0, in the order of the ascending positives. */
  readonly regions: Int32Array;
  /** Pixels of each region. */
  readonly regionSizes: readonly number[];
}

/** Visits the per-region overlap curve: false positive rate, mean overlap, score. */
function walk(
  ranking: Ranking,
  { regions, regionSizes }: RegionsOfPositives,
  visit: (rate: number, overlap: number, score: number) => void,
): void {
  const { negatives } = ranking;
  const shares = Float64Array.from(regionSizes, (size) => 1 / (size * regionSizes.length));
  let overlap = 0;
  ranking.forEachStep(({ score, from, to, negativesAbove, negativesAtOrAbove }) => {
    visit(negativesAbove / negatives, overlap, score);
    for (let i = from; i < to; i++) overlap += shares[regions[i]!]!;
    visit(negativesAtOrAbove / negatives, overlap, score);
  });
}

/**
 * Area under the per-region overlap curve up to a false positive rate, divided by that rate: every region
 * weighs the same whatever its size, the curve is exact with equal scores merged, and its end is
 * interpolated at the limit (Bergmann et al. 2021, section 4). Null without a region or without
 * a pixel outside; throws an 'invalid' Failure for a limit that is not in (0, 1].
 */
export function aupro(ranking: Ranking, regions: RegionsOfPositives, limit: number): number | null {
  if (!(limit > 0 && limit <= 1)) {
    throw new Failure(
      'invalid',
      `The false positive rate limit must be above 0 and at most 1, not ${limit}.`,
    );
  }
  if (regions.regionSizes.length === 0 || ranking.negatives === 0) return null;
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
  walk(ranking, regions, lineTo);
  lineTo(1, overlap);
  return area / limit;
}

/** The curve of `aupro`: false positive rate, mean overlap, threshold. Empty where that is undefined. */
export function perRegionOverlapCurve(ranking: Ranking, regions: RegionsOfPositives): CurvePoint[] {
  if (regions.regionSizes.length === 0 || ranking.negatives === 0) return [];
  const curve = curveCollector([0, 0, null]);
  let last = 0;
  walk(ranking, regions, (rate, overlap, score) => {
    curve.add(rate, overlap, score);
    last = overlap;
  });
  return curve.end(1, last, null);
}
