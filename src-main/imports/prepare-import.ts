import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ImportRequest } from '#shared/contract/imports.ts';
import type { PatientRule } from '#shared/patient-rule.ts';
import { detectLayout, planImport, type PlannedImport } from './layouts/plan.ts';
import { holdOut, withPatients } from './patients.ts';
import type { SeriesReader } from './series.ts';

/** What an import will do, all choices of the person applied. */
export interface PreparedImport {
  readonly plan: PlannedImport;
  readonly rule: PatientRule;
}

/** @throws Failure as `planImport` and `SeriesReader` */
export async function prepareImport(request: ImportRequest, series: SeriesReader): Promise<PreparedImport> {
  const plan = await planOf(request, series);
  // Of ten thousand files each step takes a while, and the window waits for none of them.
  await nextTurn();
  const { rule, items } = withPatients(plan.items, request.patients);
  await nextTurn();
  const prepared = { rule, plan: { ...plan, items: holdOut(items, request.holdOut ?? 0) } };
  await nextTurn();
  return prepared;
}

/** A known data set keeps its layout; a plain folder may hold pictures, or series and volumes. */
async function planOf(request: ImportRequest, series: SeriesReader): Promise<PlannedImport> {
  const { paths, layout, role, mapping = {} } = request;
  if (layout === 'dicom' || layout === 'nifti') return series.plan(request, layout);
  const found = layout === 'auto' && (await arePlain(paths)) ? await series.find(request) : undefined;
  return found ?? planImport(paths, { layout, role, mapping });
}

async function arePlain(paths: readonly string[]): Promise<boolean> {
  for (const path of paths) if ((await detectLayout(path)) !== 'folder') return false;
  return true;
}
