import { z } from 'zod';
import { JobId, ReferenceSetId, StudyId } from '../domain.ts';
import {
  DoctorReport,
  DoctorSettings,
  ReferenceSet,
  ReferenceSetDiff,
  ReferenceSetName,
} from '../references.ts';
import { call } from './base.ts';

export const references = {
  /** Newest version first. */
  list: call.input(z.object({ studyId: StudyId })).output(z.array(ReferenceSet)),
  /** Names the normal images of this moment; the version they make is new unless the same images made one before. */
  freeze: call.input(z.object({ studyId: StudyId, name: ReferenceSetName })).output(ReferenceSet),
  /** A version that no run took. */
  remove: call.input(z.object({ id: ReferenceSetId })).output(z.void()),
  /** `to` null: the normal images of this moment. */
  diff: call
    .input(z.object({ from: ReferenceSetId, to: ReferenceSetId.nullable() }))
    .output(ReferenceSetDiff),
  /** Queues an examination of the study's normal images; its report replaces the last one. */
  examine: call
    .input(z.object({ studyId: StudyId, settings: DoctorSettings }))
    .output(z.object({ jobId: JobId })),
  /** The last finished examination. */
  report: call.input(z.object({ studyId: StudyId })).output(DoctorReport.nullable()),
};
