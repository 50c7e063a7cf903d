import type {
  Annotation,
  AnnotationDocument,
  PackedLabels,
  PackedPatch,
  Reader,
  Revision,
  RevisionReason,
} from '#shared/annotation.ts';
import { emptyDocument } from '#shared/annotation.ts';
import type { ImageId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { StoredAnnotation, StoredPatch } from '#main/workspace/repositories/annotations.ts';
import type { StoredImage } from '#main/workspace/repositories/images.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { fromWire, samplesOf, toWire } from './labels.ts';

export interface StepRequest {
  readonly imageId: ImageId;
  readonly reader: Reader;
  /** The step it follows. */
  readonly base: number;
  readonly title: string;
  readonly document: AnnotationDocument | null;
  readonly pixels: { readonly patch: PackedPatch; readonly labels: PackedLabels } | null;
}

export function annotationService(workspace: Workspace, changed: (study: StudyId) => void) {
  const { annotations, images } = workspace;

  /** Refuses what another window has made stale, so that no stroke is ever laid over pixels its painter did not see. */
  const at = (imageId: ImageId, reader: Reader, step: number): StoredAnnotation | undefined => {
    const present = annotations.find(imageId, reader);
    if ((present?.applied ?? 0) === step) return present;
    const { name } = images.get(imageId);
    throw new Failure(
      'invalid',
      `${name} was annotated in another window meanwhile. Open it again to go on.`,
    );
  };

  const found = (imageId: ImageId, reader: Reader): StoredAnnotation => {
    const present = annotations.find(imageId, reader);
    if (present) return present;
    throw new Failure('not-found', `${images.get(imageId).name} has no annotation by ${reader}.`);
  };

  const patchOf = async (image: StoredImage, patch: PackedPatch): Promise<StoredPatch> => {
    const { x, y, width, height } = patch.rectangle;
    if (x + width > image.pixels.width || y + height > image.pixels.height)
      throw new Failure('invalid', `${image.name}: a stroke lies outside of the image.`);
    const stored = {
      rectangle: patch.rectangle,
      before: fromWire(patch.before),
      after: fromWire(patch.after),
    };
    await samplesOf(stored.before, width * height, image.name);
    await samplesOf(stored.after, width * height, image.name);
    return stored;
  };

  const mapOf = async (image: StoredImage, labels: PackedLabels): Promise<Buffer> => {
    const stored = fromWire(labels);
    await samplesOf(stored, image.pixels.width * image.pixels.height, image.name);
    return stored;
  };

  return {
    get(imageId: ImageId, reader: Reader): Annotation {
      images.get(imageId);
      const present = annotations.find(imageId, reader);
      if (!present)
        return {
          imageId,
          reader,
          applied: 0,
          steps: [],
          document: emptyDocument,
          labels: null,
          revisions: [],
        };
      const { id, applied, document, labels } = present;
      return {
        imageId,
        reader,
        applied,
        steps: annotations.steps(id),
        document,
        labels: labels && toWire(labels),
        revisions: annotations.revisions(id),
      };
    },

    patch(imageId: ImageId, reader: Reader, number: number): PackedPatch | null {
      const step = annotations.step(found(imageId, reader).id, number);
      if (!step)
        throw new Failure('not-found', `Step ${number} of this annotation is not remembered any more.`);
      if (step.patch === null) return null;
      const { rectangle, before, after } = step.patch;
      return { rectangle, before: toWire(before), after: toWire(after) };
    },

    async record({ imageId, reader, base, title, document, pixels }: StepRequest): Promise<number> {
      const image = images.get(imageId);
      const patch = pixels && (await patchOf(image, pixels.patch));
      const labels = pixels && (await mapOf(image, pixels.labels));
      const number = base + 1;
      workspace.change('annotate', { image: imageId, reader, step: number, title }, () => {
        const present = at(imageId, reader, base);
        const before = present?.document ?? emptyDocument;
        const id = present?.id ?? annotations.create(imageId, reader, emptyDocument);
        annotations.addStep(id, {
          number,
          title,
          patch,
          document: document && { before, after: document },
        });
        if (labels) annotations.setLabels(id, labels);
        if (document) annotations.setDocument(id, document);
        annotations.setApplied(id, number);
      });
      changed(image.studyId);
      return number;
    },

    async move(
      imageId: ImageId,
      reader: Reader,
      from: number,
      direction: 'undo' | 'redo',
      labels: PackedLabels | null,
    ): Promise<{ applied: number; document: AnnotationDocument }> {
      const image = images.get(imageId);
      const stored = labels === null ? null : await mapOf(image, labels);
      const number = direction === 'undo' ? from : from + 1;
      const applied = direction === 'undo' ? from - 1 : from + 1;
      const document = workspace.change(
        `${direction} annotation`,
        { image: imageId, reader, step: number },
        () => {
          const present = at(imageId, reader, from);
          const step = present && annotations.step(present.id, number);
          if (!present || !step) throw new Failure('invalid', `There is nothing to ${direction}.`);
          if ((step.patch === null) !== (stored === null))
            throw new Failure('invalid', 'The pixels of an undone step have to come with it.');
          const after = step.document?.[direction === 'undo' ? 'before' : 'after'];
          if (after) annotations.setDocument(present.id, after);
          if (stored) annotations.setLabels(present.id, stored);
          annotations.setApplied(present.id, applied);
          return after ?? present.document;
        },
      );
      changed(image.studyId);
      return { applied, document };
    },

    keep(imageId: ImageId, reader: Reader, reason: RevisionReason): Revision | null {
      const present = annotations.find(imageId, reader);
      if (!present) return null;
      const known = annotations.revisions(present.id).length;
      // A revision that is there already is no change.
      return workspace.together(() => {
        const kept = annotations.keep(present, reason);
        if (kept.number > known)
          workspace.audit.append('keep revision', { image: imageId, reader, revision: kept.number, reason });
        return kept;
      });
    },

    revision(imageId: ImageId, reader: Reader, number: number) {
      const revision = annotations.revision(found(imageId, reader).id, number);
      if (!revision) throw new Failure('not-found', `There is no revision ${number} of this annotation.`);
      const { document, labels } = revision;
      return { document, labels: labels && toWire(labels) };
    },

    /** The label map as it stands, or as a revision holds it; undefined where nothing was drawn. */
    async labels(imageId: ImageId, reader: Reader, revision?: number): Promise<Buffer | undefined> {
      const image = images.get(imageId);
      const present = annotations.find(imageId, reader);
      const stored =
        present && revision !== undefined
          ? annotations.revision(present.id, revision)?.labels
          : present?.labels;
      return stored ? samplesOf(stored, image.pixels.width * image.pixels.height, image.name) : undefined;
    },

    drawn: (studyId: StudyId, reader: Reader): ImageId[] => annotations.drawn(studyId, reader),
  };
}

export type AnnotationService = ReturnType<typeof annotationService>;
