import { z } from 'zod';
import { ImageId, ReferenceSetId, RunId, Scale, StudyId } from '../domain.ts';
import { ImageFigures, Match, Preview, Run, RunResult } from '../results.ts';
import { RunSettings } from '../settings.ts';
import { Reader } from '../annotation.ts';
import { call } from './base.ts';

const oneImage = z.object({ imageId: ImageId, settings: RunSettings });

export const runs = {
  list: call.input(z.object({ studyId: StudyId })).output(z.array(Run)),
  get: call.input(z.object({ id: RunId })).output(Run),
  /** Scores all query images of the study against a frozen reference set; without one, its normal images are frozen now. */
  start: call
    .input(
      z.object({
        studyId: StudyId,
        settings: RunSettings,
        referenceSet: ReferenceSetId.nullable().default(null),
      }),
    )
    .output(Run),
  results: call.input(z.object({ id: RunId })).output(z.array(RunResult)),
  remove: call.input(z.object({ id: RunId })).output(z.void()),
};

export const inspect = {
  /** The map of one image under given settings, from cached features where there are some. Stores nothing. */
  preview: call.input(oneImage).output(Preview),
  /** Normal images ranked by similarity to the query, most similar first. */
  matches: call.input(oneImage.extend({ limit: z.int().min(1).max(100_000) })).output(z.array(Match)),
  /** Figures of one image on a scale at a threshold of that scale. */
  figures: call
    .input(
      oneImage.extend({
        scale: Scale,
        threshold: z.number(),
        /** The reader whose annotation stands for the ground truth; null takes the imported mask. */
        annotationOf: Reader.nullable().default(null),
      }),
    )
    .output(ImageFigures),
};
