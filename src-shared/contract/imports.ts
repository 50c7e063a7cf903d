import { z } from 'zod';
import { JobId, Role, StudyId } from '../domain.ts';
import { call } from './base.ts';

export const LayoutChoice = z.enum(['auto', 'folder', 'bmad', 'mvtec']);
export type LayoutChoice = z.infer<typeof LayoutChoice>;

/** Paths on the machine Nidus runs on: from a native dialog, a drop, an upload or the command line. */
const ImportRequest = z.object({
  paths: z.array(z.string().min(1)).min(1),
  layout: LayoutChoice,
  /** Role of images whose layout does not say it. */
  role: Role.exclude(['excluded']),
});

export const ImportPlan = z.object({
  layout: LayoutChoice.exclude(['auto']),
  images: z.int(),
  roles: z.object({ normal: z.int(), query: z.int(), excluded: z.int() }),
  masks: z.int(),
  /** Images called abnormal without a mask. */
  unknownGroundTruth: z.int(),
  examples: z.array(z.string()),
  warnings: z.array(z.string()),
});
export type ImportPlan = z.infer<typeof ImportPlan>;

export const ImportSummary = z.object({
  imported: z.int(),
  /** Already in the study, with the same name and the same pixels. */
  unchanged: z.int(),
  failed: z.array(z.object({ name: z.string(), reason: z.string() })),
});
export type ImportSummary = z.infer<typeof ImportSummary>;

export const imports = {
  /** What would be imported; nothing is copied. */
  inspect: call.input(ImportRequest).output(ImportPlan),
  start: call
    .input(
      ImportRequest.extend({
        study: z.union([z.object({ id: StudyId }), z.object({ name: z.string().trim().min(1).max(120) })]),
      }),
    )
    .output(z.object({ studyId: StudyId, jobId: JobId })),
  summary: call.input(z.object({ jobId: JobId })).output(ImportSummary),
};
