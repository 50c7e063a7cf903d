import { shallowRef, watch, type ShallowRef } from 'vue';
import type { Match } from '#shared/results.ts';
import { client, failureMessage } from '../../../api/client.ts';
import type { Frame } from '../model/frames.ts';
import { createLane, Superseded } from '../model/lane.ts';

export interface Matches {
  /** Normal images ranked by similarity to the frame's image; those of the image before until the new ones are there. */
  readonly matches: Readonly<ShallowRef<readonly Match[]>>;
  readonly problem: Readonly<ShallowRef<string | null>>;
}

const limit = 200;

/** Depends on the image, the model and the size alone, so that K and the support choice do not ask again. */
export function useMatches(frame: () => Frame | null, pool: () => string): Matches {
  const matches = shallowRef<readonly Match[]>([]);
  const problem = shallowRef<string | null>(null);
  const lane = createLane();
  let ticket = 0;

  watch(
    () => {
      const shown = frame();
      return shown?.preview
        ? `${shown.image.id} ${shown.settings.model} ${shown.settings.size} ${pool()}`
        : '';
    },
    async () => {
      const own = ++ticket;
      const shown = frame();
      if (!shown?.preview) return;
      const input = { imageId: shown.image.id, settings: shown.settings, limit };
      try {
        const answer = await lane.run(() => client.inspect.matches(input));
        if (own !== ticket) return;
        matches.value = answer;
        problem.value = null;
      } catch (error) {
        if (own === ticket && !(error instanceof Superseded)) problem.value = failureMessage(error);
      }
    },
    { immediate: true },
  );

  return { matches, problem };
}
