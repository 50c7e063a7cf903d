import type { ImportPlan } from '#shared/contract/imports.ts';
import type { FoundSeries } from '#shared/engine-protocol.ts';
import type { Role } from '#shared/domain.ts';
import { folderOf, guessMeaning } from './layouts/folder.ts';
import type { PlannedImport } from './layouts/plan.ts';
import { describePatients } from './patients.ts';
import type { PreparedImport } from './prepare-import.ts';

/** What a person sees of a plan before anything is copied. */
export function describePlan({ plan, rule }: PreparedImport, copyOnly: string | null): ImportPlan {
  const count = (role: Role) => plan.items.filter((item) => item.role === role).length;
  const patients = describePatients(rule, plan.items);
  return {
    layout: plan.layout,
    images: plan.items.length,
    roles: { normal: count('normal'), query: count('query'), excluded: count('excluded') },
    masks: plan.items.filter(({ mask }) => mask === 'file').length,
    unknownGroundTruth: plan.items.filter(({ label, mask }) => label === 'abnormal' && mask === 'unknown')
      .length,
    examples: plan.items.slice(0, 6).map(({ name }) => name),
    patients,
    series: (plan.series ?? []).map((series) => describeSeries(series, plan)),
    folders: plan.layout === 'folder' ? foldersOf(plan) : [],
    warnings: [...plan.warnings, ...leakage(patients.onBothSides)],
    copyOnly,
  };
}

function describeSeries(series: FoundSeries, { items }: PlannedImport): ImportPlan['series'][number] {
  const [first] = series.slices;
  const { key, kind, title, patient, rows, columns, plane, volumes, warnings } = series;
  return {
    key,
    kind,
    title,
    patient,
    rows,
    columns,
    plane,
    volumes,
    slices: series.slices.length,
    spacing: first?.plan.spacing ?? null,
    sliceSpacing: first?.plan.acquisition.sliceSpacing ?? null,
    masks: series.slices.some(({ plan: { mask } }) => mask !== null),
    chosen: items.some(({ name }) => name === first?.name),
    warnings: [...warnings],
  };
}

/** Every folder that holds images, masks and skipped ones included: their meaning may be changed again. */
function foldersOf({ found, root }: PlannedImport): ImportPlan['folders'] {
  const counts = new Map<string, number>();
  for (const path of found) {
    const folder = folderOf(root, path);
    counts.set(folder, (counts.get(folder) ?? 0) + 1);
  }
  return [...counts].map(([folder, images]) => ({ folder, images, guess: guessMeaning(folder) ?? null }));
}

function leakage(patients: number): string[] {
  if (patients === 0) return [];
  const who = patients === 1 ? '1 patient has' : `${patients} patients have`;
  return [
    `${who} images among the references and among the queries: figures would be better than they should be.`,
  ];
}
