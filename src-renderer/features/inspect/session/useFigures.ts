import { shallowRef, watch, type ShallowRef } from 'vue';
import type { Scale } from '#shared/domain.ts';
import type { ImageFigures } from '#shared/results.ts';
import { client, failureMessage } from '../../../api/client.ts';
import { useJudge } from '../../../stores/judge.ts';
import type { Frame } from '../model/frames.ts';
import { createLane, Superseded } from '../model/lane.ts';

export interface Figures {
  /** Of the frame's image; null until known. */
  readonly figures: Readonly<ShallowRef<ImageFigures | null>>;
  readonly problem: Readonly<ShallowRef<string | null>>;
}

/** Figures of the frame at the threshold; while new ones are computed those of the same image stay. */
export function useFigures(frame: () => Frame | null, scale: () => Scale, threshold: () => number): Figures {
  const judge = useJudge();
  const figures = shallowRef<ImageFigures | null>(null);
  const problem = shallowRef<string | null>(null);
  const lane = createLane();
  let ticket = 0;
  let shownFor: number | null = null;

  watch(
    [
      frame,
      scale,
      threshold,
      () => judge.annotationOf,
      () => (judge.annotationOf === null ? 0 : judge.stored),
    ] as const,
    async ([shown, scale, threshold, annotationOf]) => {
      const own = ++ticket;
      problem.value = null;
      if (shown?.image.id !== shownFor) figures.value = null;
      shownFor = shown?.image.id ?? null;
      if (!shown?.preview) return;
      const input = { imageId: shown.image.id, settings: shown.settings, scale, threshold, annotationOf };
      try {
        const answer = await lane.run(() => client.inspect.figures(input));
        if (own === ticket) figures.value = answer;
      } catch (error) {
        if (own === ticket && !(error instanceof Superseded)) problem.value = failureMessage(error);
      }
    },
    { immediate: true },
  );

  return { figures, problem };
}
