import type { Mask, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { aupro } from './aupro.ts';
import { FloatRuns } from './float-runs.ts';
import { assertSameSize, dice, iou } from './overlap.ts';
import { rankingOfSorted } from './ranking.ts';
import { connectedRegions } from './regions.ts';
import type { Regions } from './regions.ts';
import { RegionPixels } from './region-pixels.ts';

export interface PixelMetricsOptions {
  /** False positive rates up to which AUPRO is wanted; [0.3] by default. */
  readonly fprLimits?: readonly number[];
  /** Scores at which the overlap over all pixels is wanted. */
  readonly thresholds?: readonly number[];
}

export interface OverlapAtThreshold {
  readonly threshold: number;
  readonly dice: number;
  readonly iou: number;
  readonly truePositives: number;
  readonly predicted: number;
  readonly truth: number;
}

/** Figures over all pixels of all maps; null where undefined (no positive or no negative pixel). */
export interface PixelFigures {
  readonly auroc: number | null;
  readonly ap: number | null;
  readonly auprcTrapezoid: number | null;
  readonly f1Max: number | null;
  readonly f1Threshold: number | null;
  readonly aupro: readonly { readonly fprLimit: number; readonly value: number | null }[];
  readonly overlaps: readonly OverlapAtThreshold[];
  readonly regions: number;
  readonly positives: number;
  readonly pixels: number;
}

export interface PixelMetrics {
  /** Takes a map and its ground truth; null where no pixel is anomalous. Keeps no reference. */
  add(map: ScoreMap, truth: Mask | null): void;
  /** Figures of everything added so far; more may be added afterwards. */
  result(options?: PixelMetricsOptions): PixelFigures;
}

/** Number of values >= threshold among ascending values. */
function countAtOrAbove(sorted: Float32Array, threshold: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! >= threshold) high = middle;
    else low = middle + 1;
  }
  return sorted.length - low;
}

/** Takes the scores inside regions out; returns the others. */
function split(map: ScoreMap, { labels }: Regions, anomalous: RegionPixels): Float32Array {
  const normal = new Float32Array(map.data.length);
  let next = 0;
  for (let i = 0; i < map.data.length; i++) {
    const label = labels[i]!;
    if (label === 0) normal[next++] = map.data[i]!;
    else anomalous.push(map.data[i]!, label - 1);
  }
  return normal.subarray(0, next);
}

/**
 * Pixel metrics pooled over many maps that are fed one at a time: 4 bytes a normal pixel and 8 an
 * anomalous one are kept, so the 177 million pixels of a large test set fit into 1 GB.
 * `expectedPixels`, when known, saves a little time.
 */
export function createPixelMetrics(expectedPixels = 0): PixelMetrics {
  const normal = new FloatRuns(expectedPixels);
  const anomalous = new RegionPixels();
  return {
    add(map, truth) {
      if (truth) assertSameSize(map, truth);
      if (map.data.some(Number.isNaN)) {
        throw new Failure('invalid', 'A map with undefined scores (NaN) cannot be measured.');
      }
      const regions = truth && connectedRegions(truth);
      if (!regions || regions.count === 0) {
        normal.append(map.data);
        return;
      }
      anomalous.beginImage(regions.sizes);
      normal.append(split(map, regions, anomalous));
    },

    result({ fprLimits = [0.3], thresholds = [] } = {}) {
      const negativeRuns = normal.sorted();
      const { scores: positives, regions, regionSizes } = anomalous.sorted();
      const ranking = rankingOfSorted(positives, negativeRuns);
      return {
        auroc: ranking?.auroc ?? null,
        ap: ranking?.ap ?? null,
        auprcTrapezoid: ranking?.auprcTrapezoid ?? null,
        f1Max: ranking?.f1Max ?? null,
        f1Threshold: ranking?.f1Threshold ?? null,
        aupro: fprLimits.map((fprLimit) => ({
          fprLimit,
          value: aupro({ positives, regions, regionSizes, negativeRuns }, fprLimit),
        })),
        overlaps: thresholds.map((threshold) => {
          const truePositives = countAtOrAbove(positives, threshold);
          const falsePositives = negativeRuns.map((run) => countAtOrAbove(run, threshold));
          const predicted = falsePositives.reduce((sum, count) => sum + count, truePositives);
          const counts = { truePositives, predicted, truth: positives.length };
          return { threshold, dice: dice(counts), iou: iou(counts), ...counts };
        }),
        regions: regionSizes.length,
        positives: positives.length,
        pixels: positives.length + normal.length,
      };
    },
  };
}
