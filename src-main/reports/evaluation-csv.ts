import { settingsLine } from '#shared/methods/index.ts';
import type { Evaluation, Run } from '#shared/results.ts';
import { csv } from './csv.ts';

/** The per-image table, RFC 4180, full precision; an undefined figure is an empty cell, and every row says how it came about. */
export function evaluationCsv(
  { perImage, scale, scope, pixel }: Evaluation,
  run: Pick<Run, 'id' | 'settings' | 'modelSha256' | 'referenceSet'>,
): string {
  const header = [
    'image',
    'label',
    'patient',
    'image_score_raw',
    `auroc_${scale}`,
    `ap_${scale}`,
    `dice_${scale}`,
    `iou_${scale}`,
    `hd95_${scale}`,
    'hd95_unit',
    'regions',
    'regions_found',
    'run',
    'method',
    'model',
    'model_sha256',
    'references',
    'parameters',
    'pixel_threshold',
    'pixel_threshold_over',
  ];
  const common = [
    run.id,
    run.settings.method,
    run.settings.model,
    run.modelSha256,
    run.referenceSet?.size ?? 0,
    settingsLine(run.settings),
    pixel.f1maxThreshold,
    scope,
  ];
  const rows = perImage.map((row) => [
    row.name,
    row.label,
    row.patient,
    row.imageScore,
    row.auroc,
    row.ap,
    row.dice,
    row.iou,
    row.hd95,
    row.hd95Unit,
    row.regions.length,
    row.regions.filter(({ overlap }) => overlap > 0).length,
    ...common,
  ]);
  return csv([header, ...rows]);
}
