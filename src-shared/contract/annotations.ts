import { z } from 'zod';
import {
  Annotation,
  AnnotationDocument,
  PackedLabels,
  PackedPatch,
  Reader,
  Revision,
  RevisionReason,
} from '../annotation.ts';
import { Agreement } from '../agreement.ts';
import { ImageId, RunId, StudyId } from '../domain.ts';
import { Phase, Reading, ReadingId, Verdict } from '../reading.ts';
import { call } from './base.ts';

const ofReader = z.object({ imageId: ImageId, reader: Reader });
const stepNumber = z.int().min(1);

export const annotations = {
  get: call.input(ofReader).output(Annotation),
  /** The pixels of a step that is still remembered; null where it changed none. */
  patch: call.input(ofReader.extend({ number: stepNumber })).output(PackedPatch.nullable()),
  /**
   * Adds a step after step `base` and forgets those that had been undone. `labels` is the whole label map after it,
   * given exactly when pixels changed. Refused when another window has gone on from `base`.
   */
  record: call
    .input(
      ofReader.extend({
        base: z.int().min(0),
        title: z.string().min(1).max(80),
        document: AnnotationDocument.nullable(),
        pixels: z.object({ patch: PackedPatch, labels: PackedLabels }).nullable(),
      }),
    )
    .output(z.object({ applied: z.int() })),
  /** Undoes step `from` or does step `from + 1` again; `labels` is the whole label map after it, null where none changed. */
  move: call
    .input(
      ofReader.extend({
        from: z.int().min(0),
        direction: z.enum(['undo', 'redo']),
        labels: PackedLabels.nullable(),
      }),
    )
    .output(z.object({ applied: z.int(), document: AnnotationDocument })),
  /** Keeps what is there now as a revision, unless the last one is the same. Null when there is nothing to keep. */
  keep: call.input(ofReader.extend({ reason: RevisionReason })).output(Revision.nullable()),
  revision: call
    .input(ofReader.extend({ number: stepNumber }))
    .output(z.object({ document: AnnotationDocument, labels: PackedLabels.nullable() })),
  /** Images of a study with something drawn by this reader. */
  drawn: call.input(z.object({ studyId: StudyId, reader: Reader })).output(z.array(ImageId)),
};

export const readings = {
  /** Of every reader, in the order they were made; withdrawn ones are left out. */
  list: call.input(z.object({ studyId: StudyId })).output(z.array(Reading)),
  /** Stores a verdict, the role that follows from it, and, in blind reading, what was drawn. */
  record: call
    .input(
      ofReader.extend({
        phase: Phase,
        verdict: Verdict.nullable(),
        seconds: z.number().min(0),
        runId: RunId.nullable(),
      }),
    )
    .output(Reading),
  /** Over the images the reader read blind; without a run there is no machine to compare with. */
  agreement: call
    .input(z.object({ studyId: StudyId, reader: Reader, runId: RunId.nullable() }))
    .output(Agreement),
  /** Takes a verdict back, with the role it gave. It stays in the table, marked as withdrawn. */
  withdraw: call.input(z.object({ id: ReadingId })).output(z.void()),
};
