import { z } from 'zod';
import { Adapter, TrainingEstimate, TrainingProgress, TrainingRequest } from '../adapter.ts';
import { JobId, StudyId } from '../domain.ts';
import { AdDinov3Settings } from '../methods/ad-dinov3.ts';
import { ClassName, PromptList, StudyPrompts } from '../prompts.ts';
import { Run } from '../results.ts';
import { call } from './base.ts';

/** Adapters of AD-DINOv3: trained on an auxiliary set, not training-free. */
export const adapters = {
  list: call.output(z.array(Adapter)),
  /** Disk and time of a training; refuses what cannot be trained. Makes nothing. */
  estimate: call.input(TrainingRequest).output(TrainingEstimate),
  train: call.input(TrainingRequest).output(z.object({ jobId: JobId })),
  /** The last trainings with their losses, newest first. */
  trainings: call.output(z.array(TrainingProgress)),
  /** A file on the machine Nidus runs on. */
  import: call.input(z.object({ path: z.string().min(1) })).output(Adapter),
  remove: call.input(z.object({ sha256: z.string() })).output(z.void()),
  /** How an adapter scores a study. @throws when one of its encoders is not here */
  settings: call
    .input(z.object({ sha256: z.string(), studyId: StudyId, className: ClassName.nullable() }))
    .output(AdDinov3Settings),
  /** Scores the query images of a study; refused when the adapter has seen its class or images. */
  run: call
    .input(z.object({ sha256: z.string(), studyId: StudyId, className: ClassName.nullable() }))
    .output(Run),
};

export const prompts = {
  get: call.input(z.object({ studyId: StudyId })).output(StudyPrompts),
  set: call.input(StudyPrompts.extend({ studyId: StudyId })).output(z.void()),
  /** The sentences of a class; with a text encoder also how close its two text vectors are. */
  preview: call
    .input(z.object({ text: z.string().nullable(), className: ClassName, list: PromptList }))
    .output(
      z.object({
        normal: z.array(z.string()),
        abnormal: z.array(z.string()),
        cosine: z.number().nullable(),
      }),
    ),
};
