import type { Mask, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { aupro, perRegionOverlapCurve } from './aupro.ts';
import type { CurvePoint } from '#shared/evaluation.ts';
import { precisionRecallCurve, rocCurve } from './curves.ts';
import { createNormalCounts } from './normal-counts.ts';
import { assertSameSize, dice, iou } from './overlap.ts';
import { rankingFigures, sensitivityAt } from './ranking.ts';
import { connectedRegions } from '#shared/regions.ts';
import { RegionPixels } from './region-pixels.ts';

export interface PixelMetricsOptions {
  /** False positive rates up to which AUPRO is wanted; [0.3] by default. */
  readonly fprLimits?: readonly number[];
  /** False positive rates at which sensitivity is wanted. */
  readonly rates?: readonly number[];
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
  readonly sensitivity: readonly (number | null)[];
  readonly overlaps: readonly OverlapAtThreshold[];
  readonly regions: number;
  readonly positives: number;
  readonly pixels: number;
}

export interface PixelCurves {
  readonly roc: CurvePoint[];
  readonly precisionRecall: CurvePoint[];
  readonly perRegionOverlap: CurvePoint[];
}

/** What one map holds against; null where no pixel is anomalous. */
export interface MapWithTruth {
  readonly map: ScoreMap;
  readonly truth: Mask | null;
}

/** First look at every map: keeps the anomalous pixels (8 bytes each) and nothing else. */
export interface AnomalousPixels {
  add(map: ScoreMap, truth: Mask | null): void;
  /** Smallest and largest score so far. */
  readonly range: { readonly low: number; readonly high: number };
  /** The second look. `thresholds`: scores at which the overlap over all pixels is wanted. */
  ranked(thresholds?: readonly number[]): RankedPixels;
}

/** Second look at the same maps, in any order: counts the normal pixels between the anomalous ones. */
export interface RankedPixels {
  /** Distinct ascending scores of anomalous pixels, `count` of them at equal shares. */
  quantiles(count: number): Float32Array;
  add(map: ScoreMap, truth: Mask | null): void;
  figures(options?: PixelMetricsOptions): PixelFigures;
  curves(): PixelCurves;
}

/**
 * Pixel metrics pooled over many maps that are looked at twice, one at a time. Exact, and memory grows with the
 * anomalous pixels alone: 177 million pixels need no more than their lesions do.
 */
export function createPixelMetrics(): AnomalousPixels {
  const anomalous = new RegionPixels();
  const range = { low: Infinity, high: -Infinity };
  return {
    range,
    add(map, truth) {
      if (truth) assertSameSize(map, truth);
      for (const score of map.data) {
        if (score < range.low) range.low = score;
        if (score > range.high) range.high = score;
        if (Number.isNaN(score)) {
          throw new Failure('invalid', 'A map with undefined scores (NaN) cannot be measured.');
        }
      }
      const regions = truth && connectedRegions(truth);
      if (!regions || regions.count === 0) return;
      anomalous.beginImage(regions.sizes);
      for (let i = 0; i < map.data.length; i++) {
        const label = regions.labels[i]!;
        if (label > 0) anomalous.push(map.data[i]!, label - 1);
      }
    },
    ranked: (thresholds = []) => rankPixels(anomalous, thresholds),
  };
}

function rankPixels(anomalous: RegionPixels, thresholds: readonly number[]): RankedPixels {
  const { scores, regions, regionSizes } = anomalous.sorted();
  const counts = createNormalCounts(scores);
  const falsePositives = thresholds.map(() => 0);
  return {
    quantiles(count) {
      const picked = Float32Array.from(
        { length: Math.min(count, scores.length) },
        (_, i) => scores[Math.floor((i * scores.length) / Math.min(count, scores.length))]!,
      );
      return picked.filter((score, i) => i === 0 || score !== picked[i - 1]);
    },
    add(map, truth) {
      counts.add(map.data, truth?.data ?? null);
      for (const [t, threshold] of thresholds.entries()) {
        for (let i = 0; i < map.data.length; i++) {
          if (map.data[i]! >= threshold && !(truth && truth.data[i] !== 0)) falsePositives[t]!++;
        }
      }
    },
    figures({ fprLimits = [0.3], rates = [] } = {}) {
      const ranking = counts.ranking();
      const figures = rankingFigures(ranking);
      return {
        auroc: figures?.auroc ?? null,
        ap: figures?.ap ?? null,
        auprcTrapezoid: figures?.auprcTrapezoid ?? null,
        f1Max: figures?.f1Max ?? null,
        f1Threshold: figures?.f1Threshold ?? null,
        aupro: fprLimits.map((fprLimit) => ({
          fprLimit,
          value: aupro(ranking, { regions, regionSizes }, fprLimit),
        })),
        sensitivity: sensitivityAt(ranking, rates),
        overlaps: thresholds.map((threshold, t) => {
          const truePositives = scores.length - firstAtOrAbove(scores, threshold);
          const predicted = truePositives + falsePositives[t]!;
          const overlap = { truePositives, predicted, truth: scores.length };
          return { threshold, dice: dice(overlap), iou: iou(overlap), ...overlap };
        }),
        regions: regionSizes.length,
        positives: scores.length,
        pixels: scores.length + ranking.negatives,
      };
    },
    curves() {
      const ranking = counts.ranking();
      return {
        roc: rocCurve(ranking),
        precisionRecall: precisionRecallCurve(ranking),
        perRegionOverlap: perRegionOverlapCurve(ranking, { regions, regionSizes }),
      };
    },
  };
}

/** Index of the first of ascending values that is >= threshold. */
function firstAtOrAbove(sorted: Float32Array, threshold: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! >= threshold) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Figures of maps that are at hand together. */
export function pixelFigures(
  maps: readonly MapWithTruth[],
  options: PixelMetricsOptions & { readonly thresholds?: readonly number[] } = {},
): PixelFigures {
  const anomalous = createPixelMetrics();
  for (const { map, truth } of maps) anomalous.add(map, truth);
  const ranked = anomalous.ranked(options.thresholds);
  for (const { map, truth } of maps) ranked.add(map, truth);
  return ranked.figures(options);
}
