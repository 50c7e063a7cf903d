/**
 * One reader's annotation of one image while it is open: the label map, the document beside it, and the steps undo
 * walks, each stored as soon as it is done. Knows nothing of Vue; the store is whatever answers these calls.
 */
import type {
  Annotation,
  AnnotationDocument,
  PackedLabels,
  PackedPatch,
  Reader,
  Rectangle,
  Revision,
  RevisionReason,
} from '#shared/annotation.ts';
import type { ImageId } from '#shared/domain.ts';
import { createEasel, type Easel } from './easel.ts';
import { changedRectangle, cut, emptyLabels, type Patch } from './label-map.ts';
import { pack, packPatch, unpack, unpackPatch } from './packed.ts';
import { createSaveQueue } from './save-queue.ts';

interface Target {
  readonly imageId: ImageId;
  readonly reader: Reader;
}

export interface AnnotationStore {
  get(target: Target): Promise<Annotation>;
  patch(step: Target & { number: number }): Promise<PackedPatch | null>;
  record(
    step: Target & {
      base: number;
      title: string;
      document: AnnotationDocument | null;
      pixels: { patch: PackedPatch; labels: PackedLabels } | null;
    },
  ): Promise<{ applied: number }>;
  move(
    step: Target & { from: number; direction: 'undo' | 'redo'; labels: PackedLabels | null },
  ): Promise<{ applied: number; document: AnnotationDocument }>;
  keep(target: Target & { reason: RevisionReason }): Promise<Revision | null>;
  revision(
    target: Target & { number: number },
  ): Promise<{ document: AnnotationDocument; labels: PackedLabels | null }>;
}

/** A step as the window remembers it; what an earlier window did is fetched when undo comes to it. */
interface Step {
  readonly title: string;
  readonly content: 'stored' | { readonly patch: Patch | null; readonly document: AnnotationDocument | null };
}

/** What the window shows of an annotation; replaced as a whole with every change. */
export interface AnnotationState {
  readonly document: AnnotationDocument;
  /** What undo and redo would do; null when there is nothing. */
  readonly undo: string | null;
  readonly redo: string | null;
  /** Steps that are not stored yet. */
  readonly pending: number;
  /** Why the last step is not stored. */
  readonly problem: unknown;
  readonly revisions: readonly Revision[];
}

export interface AnnotationListener {
  changed(state: AnnotationState): void;
  /** Labels changed and have to be drawn anew. */
  touched(rectangle: Rectangle): void;
}

export interface AnnotationSession {
  readonly imageId: ImageId;
  readonly easel: Easel;
  readonly state: () => AnnotationState;
  /** A finished stroke, with what it changes of the document. */
  add(title: string, patch: Patch | null, document?: AnnotationDocument): void;
  undo(): Promise<void>;
  redo(): Promise<void>;
  /** Keeps the present state for good. */
  keep(reason: RevisionReason): Promise<void>;
  /** Goes back to a revision, as a step that can be undone. */
  restore(number: number): Promise<void>;
  retry(): void;
  /** Resolves when everything is stored. */
  saved(): Promise<void>;
}

export async function openAnnotation(
  store: AnnotationStore,
  image: { readonly id: ImageId; readonly width: number; readonly height: number },
  reader: Reader,
  listener: AnnotationListener,
): Promise<AnnotationSession> {
  const target: Target = { imageId: image.id, reader };
  const stored = await store.get(target);
  const labels = emptyLabels(image.width, image.height);
  if (stored.labels !== null) labels.data.set(await unpack(stored.labels));
  const easel = createEasel(labels, listener.touched);

  let { document, applied } = stored;
  let revisions: readonly Revision[] = stored.revisions;
  const steps = new Map<number, Step>(
    stored.steps.map(({ number, title }) => [number, { title, content: 'stored' }]),
  );
  let problem: unknown;
  const queue = createSaveQueue((found) => {
    problem = found;
    tell();
  });
  /** Undo and redo wait for what they have to fetch: one after the other. */
  let moving: Promise<void> = Promise.resolve();

  const state = (): AnnotationState => ({
    document,
    undo: steps.get(applied)?.title ?? null,
    redo: steps.get(applied + 1)?.title ?? null,
    pending: queue.pending,
    problem,
    revisions,
  });
  const tell = (): void => listener.changed(state());
  const packedNow = (): Promise<PackedLabels> => pack(labels.data.slice());

  function add(title: string, patch: Patch | null, next?: AnnotationDocument): void {
    if (patch === null && next === undefined) return;
    const base = applied;
    for (const number of steps.keys()) if (number > base) steps.delete(number);
    steps.set(base + 1, {
      title,
      content: { patch, document: next === undefined ? null : document },
    });
    applied = base + 1;
    document = next ?? document;
    const pixels = patch && Promise.all([packPatch(patch), packedNow()]);
    queue.add(async () => {
      const packed = await pixels;
      await store.record({
        ...target,
        base,
        title,
        document: next ?? null,
        pixels: packed && { patch: packed[0], labels: packed[1] },
      });
    });
    tell();
  }

  async function move(direction: 'undo' | 'redo'): Promise<void> {
    const number = direction === 'undo' ? applied : applied + 1;
    const step = steps.get(number);
    if (step === undefined) return;
    const from = applied;
    let patch: Patch | null;
    if (step.content === 'stored') {
      await queue.settled();
      const packed = await store.patch({ ...target, number });
      patch = packed && (await unpackPatch(packed));
    } else {
      ({ patch } = step.content);
    }
    if (patch) easel.restore(patch.rectangle, direction === 'undo' ? patch.before : patch.after);
    applied = direction === 'undo' ? number - 1 : number;
    const other = step.content === 'stored' ? null : step.content.document;
    if (other) {
      steps.set(number, { ...step, content: { patch, document } });
      document = other;
    }
    const packed = patch && packedNow();
    queue.add(async () => {
      const answer = await store.move({ ...target, from, direction, labels: packed && (await packed) });
      // Only the store knows what an earlier window changed; later steps of this one stand on what it says.
      if (step.content === 'stored' && applied === answer.applied) document = answer.document;
    });
    tell();
    if (step.content === 'stored') await queue.settled();
    tell();
  }

  function inTurn(work: () => Promise<void>): Promise<void> {
    moving = moving.catch(() => undefined).then(work);
    return moving;
  }

  return {
    imageId: image.id,
    easel,
    state,
    add,
    undo: () => inTurn(() => move('undo')),
    redo: () => inTurn(() => move('redo')),
    async keep(reason) {
      await queue.settled();
      const kept = await store.keep({ ...target, reason });
      if (kept === null || revisions.some(({ number }) => number === kept.number)) return;
      revisions = [...revisions, kept];
      tell();
    },
    async restore(number) {
      await queue.settled();
      const revision = await store.revision({ ...target, number });
      const present = { ...labels, data: labels.data.slice() };
      const wanted =
        revision.labels === null
          ? emptyLabels(image.width, image.height).data
          : await unpack(revision.labels);
      const rectangle = changedRectangle(present, { ...labels, data: wanted });
      const patch = rectangle && {
        rectangle,
        before: cut(present, rectangle),
        after: cut({ ...labels, data: wanted }, rectangle),
      };
      if (patch) easel.restore(patch.rectangle, patch.after);
      add(`Back to revision ${number}`, patch, revision.document);
    },
    retry: queue.retry,
    saved: queue.settled,
  };
}
