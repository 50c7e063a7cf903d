import { createHash } from 'node:crypto';
import type { ImportPlan } from '#shared/contract/imports.ts';
import { patientOf, type PatientRule, suggestPatientRule } from '#shared/patient-rule.ts';
import type { PlannedImage } from './layouts/plan.ts';

/** The rule asked for, or the one the names seem to follow. A patient that the layout itself names stays. */
export function withPatients(
  items: readonly PlannedImage[],
  asked: PatientRule | undefined,
): { rule: PatientRule; items: PlannedImage[] } {
  const rule = asked ?? suggestPatientRule(items.map(({ name }) => name));
  return {
    rule,
    items: items.map((item) => ({ ...item, patient: item.patient ?? patientOf(rule, item.name) })),
  };
}

/**
 * Turns part of the references into normal test images, whole patients at a time, so that nobody is on both sides.
 * Which ones is decided by a hash of the patient: the same each time, whatever else is imported.
 *
 * @param fraction of the normal images, 0 to 1; reached or passed by the last patient taken
 */
export function holdOut(items: readonly PlannedImage[], fraction: number): PlannedImage[] {
  if (fraction === 0) return [...items];
  const normals = items.filter(({ role }) => role === 'normal');
  const groups = Map.groupBy(normals, ({ patient, name }) => patient ?? `image ${name}`);
  const order = [...groups].map(([key, group]) => ({ rank: digest(key), group }));
  order.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  const held = new Set<PlannedImage>();
  for (const { group } of order) {
    if (held.size >= fraction * normals.length) break;
    for (const item of group) held.add(item);
  }
  return items.map((item) =>
    held.has(item) ? { ...item, role: 'query', label: 'normal', split: 'test', mask: 'empty' } : item,
  );
}

const digest = (text: string) => createHash('sha256').update(text).digest('hex');

/** What the rule finds, for the person to judge it. */
export function describePatients(
  rule: PatientRule,
  items: readonly PlannedImage[],
): NonNullable<ImportPlan['patients']> {
  const of = (role: PlannedImage['role']) =>
    new Set(items.flatMap((item) => (item.role === role && item.patient !== null ? [item.patient] : [])));
  const [references, queries] = [of('normal'), of('query')];
  const known = items.flatMap(({ name, patient }) => (patient === null ? [] : [{ name, patient }]));
  return {
    rule,
    patients: new Set(known.map(({ patient }) => patient)).size,
    alone: items.length - known.length,
    example: known[0] ?? null,
    onBothSides: [...references].filter((patient) => queries.has(patient)).length,
  };
}
