import type { Content, TableCell } from 'pdfmake/interfaces.js';
import { confusion, decisions, rates } from '#shared/decision.ts';
import type { Interval } from '#shared/evaluation.ts';
import { dash, score } from '#shared/score-text.ts';
import type { ReportData } from './report-data.ts';
import { figure, ink, ruled } from './report-style.ts';

const right = (text: string): TableCell => ({ text, alignment: 'right' });
const head = (text: string): TableCell => ({
  text,
  color: ink.muted,
  fontSize: 8,
  alignment: text === '' ? 'left' : 'right',
});
const between = (interval: Interval | null): TableCell =>
  right(interval ? `${figure(interval.low)} to ${figure(interval.high)}` : dash);
const percent = (share: number | null): string => (share === null ? dash : `${(100 * share).toFixed(1)} %`);

/** 95 % intervals of the figures above them. */
export function intervalsTable({ intervals }: ReportData): Content[] {
  const { pixel, image, patients, replicates } = intervals;
  return [
    {
      margin: [0, 8, 0, 0],
      table: {
        widths: ['*', 90, 90, 90, 90],
        body: [
          [head('95 % intervals'), head('AUROC'), head('AP'), head('F1-max'), head('AUPRO 0.3')],
          ['Pixels', ...[pixel.auroc, pixel.ap, pixel.f1max, pixel.aupro].map(between)],
          ['Images', ...[image.auroc, image.ap, image.f1max].map(between), right('')],
        ],
      },
      layout: ruled,
    },
    {
      text: `Bootstrap over patients, ${replicates} replicates; ${patients.pixel} patients for pixels, ${patients.image} for images.`,
      style: 'muted',
      fontSize: 8,
      margin: [0, 4, 0, 0],
    },
  ];
}

/** The threshold the run refers to, and what it decides; nothing where there is neither one nor an F1-max. */
export function decisionTable({ evaluation, threshold }: ReportData): Content[] {
  const f1max = evaluation.image.f1maxThreshold;
  const cuts = threshold ?? (f1max === null ? null : { low: f1max, high: f1max });
  if (!cuts) return [];
  const counts = confusion(evaluation.perImage, cuts);
  const reached = rates(counts);
  const shown = decisions.filter((decision) => decision !== 'grey' || cuts.low < cuts.high);
  const at =
    cuts.low < cuts.high
      ? `grey zone from ${score(cuts.low)}, abnormal from ${score(cuts.high)}`
      : `abnormal from ${score(cuts.high)}`;
  const name = threshold
    ? `Threshold "${threshold.name}", version ${threshold.version}`
    : 'No threshold was saved for this run; the largest F1 of its own images';
  return [
    { text: 'Decision on image scores', style: 'heading' },
    {
      table: {
        widths: ['*', ...shown.map(() => 80)],
        body: [
          [
            head(''),
            ...shown.map((decision) => head(decision === 'grey' ? 'grey zone' : `called ${decision}`)),
          ],
          ...(['abnormal', 'normal'] as const).map((label) => [
            `${label} images`,
            ...shown.map((decision) => right(String(counts[label][decision]))),
          ]),
        ],
      },
      layout: ruled,
    },
    {
      text: `${name}: ${at}. False positives ${percent(reached.fpr)} of the normal, false negatives ${percent(reached.fnr)} of the abnormal images.`,
      style: 'muted',
      fontSize: 8,
      margin: [0, 4, 0, 0],
    },
  ];
}
