import { sensitivityRates, type EvaluationCurves } from '#shared/evaluation.ts';
import type { Evaluation } from '#shared/results.ts';
import {
  calibration,
  precisionRecallCurve,
  rankingFigures,
  rankingOf,
  rocCurve,
  sensitivityAt,
} from '../metrics/index.ts';
import type { SetImage } from './image-set.ts';

export interface ImageLevel {
  readonly figures: Evaluation['image'];
  readonly curves: EvaluationCurves['image'];
  readonly calibration: Evaluation['calibration'];
}

/** Figures of the image scores of labelled images. */
export function measureImages(labelled: readonly SetImage[]): ImageLevel {
  const ranking = rankingOf(
    labelled.map(({ imageScore }) => imageScore),
    labelled.map(({ label }) => (label === 'abnormal' ? 1 : 0)),
  );
  const figures = rankingFigures(ranking);
  const sensitivity = sensitivityAt(ranking, sensitivityRates);
  const calibrated = calibration(
    labelled.map(({ imageScore, label, patient }) => ({
      score: imageScore,
      abnormal: label === 'abnormal',
      group: patient,
    })),
  );
  return {
    figures: {
      auroc: figures?.auroc ?? null,
      ap: figures?.ap ?? null,
      f1max: figures?.f1Max ?? null,
      f1maxThreshold: figures?.f1Threshold ?? null,
      sensitivityAt: sensitivityRates.map((rate, i) => ({ rate, value: sensitivity[i] ?? null })),
    },
    curves: { roc: rocCurve(ranking), precisionRecall: precisionRecallCurve(ranking) },
    calibration: calibrated && { ...calibrated, bins: [...calibrated.bins] },
  };
}
