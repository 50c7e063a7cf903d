import { computed } from 'vue';
import type { Froc } from '#shared/evaluation.ts';
import type { Evaluation } from '#shared/results.ts';
import { figureText } from '../../text/format.ts';
import type { Curve, CurveAxes } from './curve-option.ts';

export const chartTabs = [
  { value: 'scores', label: 'Decision', title: 'Image scores, thresholds and what follows from them' },
  { value: 'pixels', label: 'Pixels', title: 'Scores of all pooled pixels' },
  { value: 'roc', label: 'ROC', title: 'Sensitivity against false positive rate' },
  { value: 'pr', label: 'PR', title: 'Precision against recall' },
  { value: 'pro', label: 'PRO', title: 'Mean overlap of regions against false positive rate of pixels' },
  { value: 'froc', label: 'FROC', title: 'Lesions found against false positives an image' },
  { value: 'calibration', label: 'Calibration', title: 'Whether image scores can be read as probabilities' },
] as const;
export type ChartTab = (typeof chartTabs)[number]['value'];

export interface CurvePicture {
  readonly label: string;
  readonly curves: readonly Curve[];
  readonly axes: CurveAxes;
  /** Figures of the curve, in words. */
  readonly notes: readonly string[];
}

const at = (values: readonly { rate: number; value: number | null }[]) =>
  values.map(({ rate, value }) => `${figureText(value)} at ${100 * rate} %`).join(', ');

/** What each tab draws; null where the run has nothing of the kind. */
export function useCurves(evaluation: () => Evaluation, froc: () => Froc | undefined, tab: () => ChartTab) {
  return computed<CurvePicture | null>(() => {
    const { curves, pixel, image, calibration } = evaluation();
    const both = (key: 'roc' | 'precisionRecall'): Curve[] => [
      ...(curves.pixel[key].length > 0
        ? [{ name: 'pixels', points: curves.pixel[key], line: 'solid', tone: 'accent' } as const]
        : []),
      ...(curves.image[key].length > 0
        ? [{ name: 'images', points: curves.image[key], line: 'dashed', tone: 'abnormal' } as const]
        : []),
    ];
    switch (tab()) {
      case 'scores':
      case 'pixels':
        return null;
      case 'roc':
        return {
          label: `ROC curves, AUROC of pixels ${figureText(pixel.auroc)}, of images ${figureText(image.auroc)}`,
          curves: both('roc'),
          axes: { x: 'false positive rate', y: 'sensitivity', diagonal: true },
          notes: [
            `Sensitivity of pixels: ${at(pixel.sensitivityAt)} false positives`,
            ...(image.auroc === null ? [] : [`of images: ${at(image.sensitivityAt)}`]),
          ],
        };
      case 'pr':
        return {
          label: `Precision-recall curves, AP of pixels ${figureText(pixel.ap)}, of images ${figureText(image.ap)}`,
          curves: both('precisionRecall'),
          axes: { x: 'recall', y: 'precision' },
          notes: [`Average precision: pixels ${figureText(pixel.ap)}, images ${figureText(image.ap)}`],
        };
      case 'pro':
        return {
          label: `Per-region overlap, AUPRO to 0.3 ${figureText(pixel.aupro)}`,
          curves: [{ name: 'PRO', points: curves.pixel.perRegionOverlap, line: 'solid', tone: 'accent' }],
          axes: { x: 'false positive rate', y: 'mean overlap of regions' },
          notes: [
            `AUPRO ${pixel.auproAt.map(({ limit, value }) => `${figureText(value)} to ${limit}`).join(', ')}`,
            `${pixel.regions} regions, each weighs the same`,
          ],
        };
      case 'froc': {
        const found = froc();
        if (!found) return null;
        const most = Math.max(1, ...found.points.map(({ falsePositives }) => falsePositives));
        return {
          label: `FROC curve over ${found.lesions} lesions, score ${figureText(found.score)}`,
          curves: [
            {
              name: 'FROC',
              points: found.points.map((point) => [point.falsePositives, point.sensitivity, point.threshold]),
              line: 'solid',
              tone: 'accent',
            },
          ],
          axes: { x: 'false positives an image', y: 'lesions found', xMax: Math.min(8, Math.ceil(most)) },
          notes: [
            `Mean over 1/8 to 8 false positives an image: ${figureText(found.score)}`,
            `${found.lesions} lesions in ${found.images} images; a lesion is found by its first pixel`,
          ],
        };
      }
      case 'calibration':
        return calibration
          ? {
              label: `Reliability of image scores, Brier score ${figureText(calibration.brier)}`,
              curves: [
                {
                  name: 'images',
                  points: calibration.bins.map(({ predicted, observed }) => [predicted, observed, null]),
                  line: 'solid',
                  tone: 'accent',
                },
              ],
              axes: { x: 'predicted probability', y: 'share abnormal', diagonal: true },
              notes: [
                `Brier ${figureText(calibration.brier)} (always guessing the prevalence: ${figureText(calibration.brierOfPrevalence)}), expected calibration error ${figureText(calibration.ece)}`,
                "Platt's logistic map, fitted on the other four fifths of the patients",
              ],
            }
          : null;
    }
  });
}
