import type { Scope } from '#shared/domain.ts';
import { auproLimits, sensitivityRates, type EvaluationCurves } from '#shared/evaluation.ts';
import type { Evaluation } from '#shared/results.ts';
import { createPixelMetrics, type RankedPixels } from '../metrics/index.ts';
import { forEachMap, type ImageSet } from './image-set.ts';

/** Indices of the images that pixel figures are pooled over. */
export const pooledImages = ({ images }: ImageSet, scope: Scope): number[] =>
  images.flatMap(({ label, known }, index) =>
    known && (scope === 'all' || label === 'abnormal') ? [index] : [],
  );

export interface Pooled {
  readonly indices: readonly number[];
  readonly figures: Evaluation['pixel'];
  readonly curves: EvaluationCurves['pixel'];
  /** Of the pooled scores. */
  readonly range: { readonly low: number; readonly high: number };
  readonly ranked: RankedPixels;
}

/** Pooled pixel figures: every map is drawn twice, none is kept. */
export async function poolPixels(set: ImageSet, scope: Scope, auproLimit: number): Promise<Pooled> {
  const indices = pooledImages(set, scope);
  const anomalous = createPixelMetrics();
  await forEachMap(set, indices, (map, truth) => anomalous.add(map, truth));
  const ranked = anomalous.ranked();
  await forEachMap(set, indices, (map, truth) => ranked.add(map, truth));
  const limits = [...new Set([auproLimit, ...auproLimits])];
  const { auroc, ap, f1Max, f1Threshold, aupro, sensitivity, positives, pixels, regions } = ranked.figures({
    fprLimits: limits,
    rates: sensitivityRates,
  });
  return {
    indices,
    figures: {
      auroc,
      ap,
      f1max: f1Max,
      f1maxThreshold: f1Threshold,
      aupro: aupro[0]?.value ?? null,
      auproAt: aupro
        .map(({ fprLimit, value }) => ({ limit: fprLimit, value }))
        .sort((a, b) => a.limit - b.limit),
      sensitivityAt: sensitivityRates.map((rate, i) => ({ rate, value: sensitivity[i] ?? null })),
      positives,
      count: pixels,
      regions,
    },
    curves: ranked.curves(),
    range: anomalous.range,
    ranked,
  };
}
