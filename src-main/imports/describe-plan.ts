import type { ImportPlan } from '#shared/contract/imports.ts';
import type { Role } from '#shared/domain.ts';
import type { PlannedImport } from './layouts/plan.ts';

/** What a person sees of a plan before anything is copied. */
export function describePlan(plan: PlannedImport): ImportPlan {
  const count = (role: Role) => plan.items.filter((item) => item.role === role).length;
  return {
    layout: plan.layout,
    images: plan.items.length,
    roles: { normal: count('normal'), query: count('query'), excluded: count('excluded') },
    masks: plan.items.filter(({ mask }) => mask === 'file').length,
    unknownGroundTruth: plan.items.filter(({ label, mask }) => label === 'abnormal' && mask === 'unknown')
      .length,
    examples: plan.items.slice(0, 6).map(({ name }) => name),
    warnings: plan.warnings,
  };
}
