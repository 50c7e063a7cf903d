import { useEventListener } from '@vueuse/core';
import { watch } from 'vue';
import type { Frame } from '../model/frames.ts';

/** What tests and curious readers find under `performance.getEntriesByName`. */
export const mapMeasure = 'inspect:map';

const inputs = ['keydown', 'pointerdown', 'pointermove', 'click', 'input', 'change'] as const;

export interface MapTiming {
  /** To be called when a frame with a map stands on the screen. */
  drawn(): void;
}

/** Measures from the input that asked for another map to the frame that shows it. */
export function useMapTiming(wanted: () => unknown, frame: () => Frame | null): MapTiming {
  let lastInput = 0;
  let askedAt: number | null = null;
  let arrived = false;

  for (const input of inputs) {
    useEventListener(window, input, (event: Event) => (lastInput = event.timeStamp), {
      capture: true,
      passive: true,
    });
  }
  // Sync: the input being handled at this moment is the cause.
  watch(
    wanted,
    () => {
      // Before the first frame nobody has asked for anything yet.
      if (frame() === null) return;
      askedAt = lastInput;
      arrived = false;
    },
    { flush: 'sync' },
  );
  watch(frame, (shown) => (arrived = shown?.preview != null), { flush: 'sync' });

  return {
    drawn() {
      if (askedAt === null || !arrived) return;
      performance.measure(mapMeasure, { start: askedAt, end: performance.now() });
      askedAt = null;
    },
  };
}
