import { z } from 'zod';
import { ImageId, JobId, Label, Role, Sample, Study, StudyId, StudyImage } from '../domain.ts';
import { call } from './base.ts';

const studyName = z.string().trim().min(1).max(120);

export const studies = {
  list: call.output(z.array(Study)),
  get: call.input(z.object({ id: StudyId })).output(Study),
  create: call.input(z.object({ name: studyName })).output(Study),
  rename: call.input(z.object({ id: StudyId, name: studyName })).output(Study),
  remove: call.input(z.object({ id: StudyId })).output(z.void()),
};

export const samples = {
  list: call.output(z.array(Sample)),
  /** Makes a study from a sample; the answer comes at once, the images arrive with the job. */
  open: call
    .input(z.object({ id: z.string() }))
    .output(z.object({ studyId: StudyId, jobId: JobId.nullable() })),
};

export const images = {
  /** All at once: for scripts. */
  list: call.input(z.object({ studyId: StudyId })).output(z.array(StudyImage)),
  /** Some of them, in the order of the study, and what to ask with for those after; null where there are none. */
  page: call
    .input(z.object({ studyId: StudyId, after: z.int().nullable(), limit: z.int().min(1).max(5000) }))
    .output(z.object({ images: z.array(StudyImage), next: z.int().nullable() })),
  setRole: call.input(z.object({ ids: z.array(ImageId).min(1), role: Role })).output(z.void()),
  setLabel: call.input(z.object({ ids: z.array(ImageId).min(1), label: Label })).output(z.void()),
  remove: call.input(z.object({ ids: z.array(ImageId).min(1) })).output(z.void()),
};
