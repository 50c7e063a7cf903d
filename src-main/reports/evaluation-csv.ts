import type { Evaluation } from '#shared/results.ts';

/** RFC 4180. */
export const cell = (value: string | number | null): string => {
  if (value === null) return '';
  const text = String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** The per-image table, RFC 4180, full precision; an undefined figure is an empty cell. */
export function evaluationCsv({ perImage, scale }: Evaluation): string {
  const header = [
    'image',
    'label',
    'image_score_raw',
    `auroc_${scale}`,
    `ap_${scale}`,
    `dice_${scale}`,
    `iou_${scale}`,
  ];
  const rows = perImage.map((row) => [
    row.name,
    row.label,
    row.imageScore,
    row.auroc,
    row.ap,
    row.dice,
    row.iou,
  ]);
  return [header, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
