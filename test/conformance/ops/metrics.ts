import { z } from 'zod';
import {
  countOverlap,
  dice,
  imageRanking,
  iou,
  pixelFigures,
  surfaceDistances,
  thresholdMap,
} from '#engine/metrics/index.ts';
import type { OverlapCounts, PixelFigures } from '#engine/metrics/index.ts';
import type { Mask, ScoreMap } from '#shared/arrays.ts';
import type { CaseInputs } from '../fixture.ts';
import type { Operations, Results } from '../operation.ts';
import { asMap, asMask, parts } from './arrays.ts';

const wanted = z.object({
  aupro: z.array(z.object({ fpr_limit: z.number() })),
  at_threshold: z.object({ threshold: z.number() }).optional(),
});

/** F1 of "score >= threshold", counted from scratch. */
function f1At(scores: ArrayLike<number>, labels: ArrayLike<number>, threshold: number): number {
  let [truePositives, predicted, truth] = [0, 0, 0];
  for (let i = 0; i < scores.length; i++) {
    const above = scores[i]! >= threshold;
    if (above) predicted++;
    if (labels[i]) truth++;
    if (above && labels[i]) truePositives++;
  }
  return (2 * truePositives) / (predicted + truth);
}

function aupro(figures: PixelFigures): Results[] {
  return figures.aupro.map(({ fprLimit, value }) => ({
    fpr_limit: fprLimit,
    exact: value,
    // The authors' programs compute the same area in float32, which the tolerances of these keys allow for.
    anomalydino_official: value,
    anomalib: value,
    regions: figures.regions,
  }));
}

function overlap(counts: OverlapCounts): Results {
  return {
    dice: dice(counts),
    iou: iou(counts),
    tp: counts.truePositives,
    pred: counts.predicted,
    truth: counts.truth,
  };
}

function imageAtThreshold(map: ScoreMap, truth: Mask, threshold: number, spacing: number[]): Results {
  const [row = 1, column = 1] = spacing;
  const distances = surfaceDistances(thresholdMap(map, threshold), truth, { row, column });
  return {
    ...overlap(countOverlap(map, truth, threshold)),
    hd: distances?.hd ?? null,
    hd95_pooled: distances?.hd95Pooled ?? null,
    hd95_max: distances?.hd95Max ?? null,
  };
}

function all(inputs: CaseInputs): Results {
  const { aupro: limits, at_threshold: at } = wanted.parse(inputs.expected);
  const allScores = inputs.floats('maps');
  const allLabels = inputs.bytes('masks');
  const maps = parts(allScores).map(asMap);
  const masks = parts(allLabels).map(asMask);
  const mapsWithTruth = maps.map((map, i) => ({ map, truth: masks[i]! }));
  const pixel = pixelFigures(mapsWithTruth, {
    fprLimits: limits.map((limit) => limit.fpr_limit),
    thresholds: at ? [at.threshold] : [],
  });

  const imageScores = inputs.floats('image_scores').data;
  const labels = masks.map((mask) => (mask.data.some((value) => value !== 0) ? 1 : 0));
  const image = imageRanking(imageScores, labels);
  const spacing = inputs.optional('spacing_row_col', z.array(z.number()), [1, 1]);
  const global = pixel.overlaps[0];
  return {
    pixel: {
      auroc: pixel.auroc,
      ap: pixel.ap,
      auprc_trapezoid: pixel.auprcTrapezoid,
      f1_max: pixel.f1Max,
      f1_threshold: {
        values: [pixel.f1Threshold],
        figure: (_position, threshold) => f1At(allScores.data, allLabels.data, threshold),
      },
      positives: pixel.positives,
      count: pixel.pixels,
    },
    image: {
      auroc: image?.auroc ?? null,
      ap: image?.ap ?? null,
      f1_max: image?.f1Max ?? null,
      f1_threshold: {
        values: [image?.f1Threshold ?? null],
        figure: (_position, threshold) => f1At(imageScores, labels, threshold),
      },
      labels,
    },
    aupro: aupro(pixel),
    ...(at && global
      ? {
          at_threshold: {
            global: overlap(global),
            per_image: maps.map((map, i) => imageAtThreshold(map, masks[i]!, at.threshold, spacing)),
          },
        }
      : {}),
  };
}

export const metricsOperations: Operations = { 'metrics.all': all };
