import type { CurvePoint, Froc } from '#shared/evaluation.ts';
import type { Evaluation } from '#shared/results.ts';

/** Every curve in one long table: what it is, x, y, and the threshold there (empty at the ends). */
export function curvesCsv(
  { curves, calibration }: Pick<Evaluation, 'curves' | 'calibration'>,
  froc: Froc | null,
): string {
  const line =
    (curve: string) =>
    ([x, y, threshold]: CurvePoint) =>
      `${curve},${x},${y},${threshold ?? ''}`;
  return [
    'curve,x,y,threshold',
    ...curves.pixel.roc.map(line('pixel ROC: false positive rate; sensitivity')),
    ...curves.pixel.precisionRecall.map(line('pixel PR: recall; precision')),
    ...curves.pixel.perRegionOverlap.map(line('PRO: false positive rate; mean overlap of regions')),
    ...curves.image.roc.map(line('image ROC: false positive rate; sensitivity')),
    ...curves.image.precisionRecall.map(line('image PR: recall; precision')),
    ...(froc?.points ?? []).map(({ falsePositives, sensitivity, threshold }) =>
      line('FROC: false positives an image; sensitivity')([falsePositives, sensitivity, threshold]),
    ),
    ...(calibration?.bins ?? []).map(({ predicted, observed }) =>
      line('calibration: predicted; observed')([predicted, observed, null]),
    ),
    '',
  ].join('\n');
}
