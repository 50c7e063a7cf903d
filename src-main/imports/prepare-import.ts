import type { ImportRequest } from '#shared/contract/imports.ts';
import type { PatientRule } from '#shared/patient-rule.ts';
import { planImport, type PlannedImport } from './layouts/plan.ts';
import { holdOut, withPatients } from './patients.ts';

/** What an import will do, all choices of the person applied. */
export interface PreparedImport {
  readonly plan: PlannedImport;
  readonly rule: PatientRule;
}

/** @throws Failure as `planImport` */
export async function prepareImport(request: ImportRequest): Promise<PreparedImport> {
  const { layout, role, mapping = {} } = request;
  const plan = await planImport(request.paths, { layout, role, mapping });
  const { rule, items } = withPatients(plan.items, request.patients);
  return { rule, plan: { ...plan, items: holdOut(items, request.holdOut ?? 0) } };
}
