import { z } from 'zod';
import { Calibration } from '../calibration.ts';
import { ImageId, RunId, StudyId } from '../domain.ts';
import { Explanation, FeaturePictures } from '../explanation.ts';
import { Preview } from '../results.ts';
import { RunSettings } from '../settings.ts';
import { call } from './base.ts';

const oneImage = z.object({ imageId: ImageId, settings: RunSettings });

export const explain = {
  /** What a patch of an image was compared with, and what its score would be without. */
  patch: call.input(oneImage.extend({ row: z.int().min(0), column: z.int().min(0) })).output(Explanation),
  /** Clusters and features of an image and its support images, to be drawn. */
  pictures: call.input(oneImage).output(FeaturePictures),
  /** How hot the pixels of the normal images are, each scored against the others. Computed once, then stored. */
  calibration: call.input(z.object({ studyId: StudyId, settings: RunSettings })).output(Calibration),
  /** The map of an image as a run left it. */
  stored: call.input(z.object({ runId: RunId, imageId: ImageId })).output(Preview),
};
