/** Joins the annotation of the image on the screen to Vue: opens and closes it, and says when something changed. */
import { useEventListener } from '@vueuse/core';
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue';
import type { AnnotationDocument } from '#shared/annotation.ts';
import type { StudyImage } from '#shared/domain.ts';
import { openAnnotation, type AnnotationSession, type AnnotationState } from '../../annotation/session.ts';
import { segmentSizes } from '../../annotation/label-map.ts';
import { client, failureMessage } from '../../api/client.ts';
import { useJudge } from '../../stores/judge.ts';
import { useReader } from '../../stores/reader.ts';
import { createLiveLabels, type LiveLabels } from '../../viewer/viewer.ts';

export interface OpenAnnotation {
  readonly image: StudyImage;
  readonly session: AnnotationSession;
  readonly live: LiveLabels;
}

export interface UsedAnnotation {
  /** Null while it is opened, or when it cannot be. */
  readonly open: Readonly<ShallowRef<OpenAnnotation | null>>;
  readonly state: Readonly<ShallowRef<AnnotationState | null>>;
  /** Grows whenever labels change: reading it makes a computed follow the pixels. */
  readonly version: Readonly<ShallowRef<number>>;
  /** Pixels of each segment, after the last finished stroke. */
  readonly sizes: ComputedRef<ReadonlyMap<number, number>>;
  /** The segment that is drawn. */
  readonly segment: ShallowRef<number>;
  readonly problem: ComputedRef<string | null>;
  change(title: string, document: AnnotationDocument): void;
  /** Opens it anew as it is stored; what could not be stored is given up. */
  reopen(): void;
}

export function useAnnotation(image: () => StudyImage | undefined): UsedAnnotation {
  const reader = useReader();
  const judge = useJudge();
  const open = shallowRef<OpenAnnotation | null>(null);
  const state = shallowRef<AnnotationState | null>(null);
  const version = shallowRef(0);
  const segment = shallowRef(1);
  const refusal = shallowRef<string | null>(null);
  let ticket = 0;

  function leave(): void {
    ticket += 1;
    const left = open.value?.session;
    open.value = null;
    state.value = null;
    // What is not stored yet goes on being stored; a reader who only looked leaves no revision.
    if (left) void left.keep('left').catch(() => undefined);
  }

  async function enter(wanted: StudyImage): Promise<void> {
    leave();
    const own = ticket;
    refusal.value = null;
    let touch: (rectangle: Parameters<ReturnType<typeof createLiveLabels>['touch']>[0]) => void = () =>
      undefined;
    try {
      const { width, height } = wanted.pixels;
      const session = await openAnnotation(
        client.annotations,
        { id: wanted.id, width, height },
        reader.name,
        {
          changed(next) {
            const wasPending = (state.value?.pending ?? 0) > 0;
            if (own === ticket) state.value = next;
            if (wasPending && next.pending === 0) judge.noteStored();
          },
          touched(rectangle) {
            touch(rectangle);
            if (own === ticket) version.value += 1;
          },
        },
      );
      if (own !== ticket) return;
      const live = createLiveLabels(session.easel.labels);
      touch = live.touch;
      open.value = { image: wanted, session, live };
      state.value = session.state();
      version.value += 1;
      const known = session.state().document.segments;
      if (!known.some(({ value }) => value === segment.value)) segment.value = known[0]?.value ?? 1;
    } catch (error) {
      if (own === ticket) refusal.value = failureMessage(error);
    }
  }

  watch(
    () => [image()?.id, reader.name] as const,
    () => {
      const wanted = image();
      if (wanted) void enter(wanted);
      else leave();
    },
    { immediate: true },
  );
  onScopeDispose(leave);
  useEventListener(window, 'beforeunload', (event) => {
    if (state.value !== null && state.value.pending > 0) event.preventDefault();
  });

  return {
    open,
    state,
    version,
    segment,
    sizes: computed(() => {
      void state.value;
      return open.value ? segmentSizes(open.value.session.easel.labels) : new Map();
    }),
    problem: computed(
      () => refusal.value ?? (state.value?.problem ? failureMessage(state.value.problem) : null),
    ),
    change: (title, document) => open.value?.session.add(title, null, document),
    reopen() {
      const wanted = image();
      if (wanted) void enter(wanted);
    },
  };
}
