/** The image before the reader with its map, and its neighbours fetched ahead. */
import { shallowRef, watch, type ShallowRef } from 'vue';
import type { PixelArray, ScoreMap } from '#shared/arrays.ts';
import type { RunId, StudyImage } from '#shared/domain.ts';
import { failureMessage } from '../../api/client.ts';
import { createLruCache } from '../inspect/model/lru.ts';
import { fetchPixels } from '../inspect/model/resources.ts';
import { fetchMap } from '../inspect/queue/tiny-maps.ts';

export interface TriagePicture {
  readonly image: StudyImage;
  readonly pixels: PixelArray;
  /** Raw scores of the run; null where it has none. */
  readonly map: ScoreMap | null;
}

export const prefetchedOnEachSide = 5;
/** Neighbours on either side, the image itself, and some of where the reader came from. */
const kept = 24;

interface Options {
  readonly image: () => StudyImage | undefined;
  readonly run: () => RunId | null;
  /** Likeliest first. */
  readonly neighbours: () => readonly StudyImage[];
  readonly isScored: (image: StudyImage) => boolean;
}

export function useTriagePicture({ image, run, neighbours, isScored }: Options): {
  readonly picture: Readonly<ShallowRef<TriagePicture | null>>;
  readonly problem: Readonly<ShallowRef<string | null>>;
} {
  const picture = shallowRef<TriagePicture | null>(null);
  const problem = shallowRef<string | null>(null);
  const cache = createLruCache<string, Promise<TriagePicture>>(kept);
  let ticket = 0;

  function load(wanted: StudyImage): Promise<TriagePicture> {
    const ofRun = run();
    const key = `${wanted.id} ${ofRun}`;
    const known = cache.get(key);
    if (known) return known;
    const map = ofRun !== null && isScored(wanted) ? fetchMap(ofRun, wanted.id) : Promise.resolve(null);
    const loading = Promise.all([fetchPixels(wanted), map]).then(([pixels, map]) => ({
      image: wanted,
      pixels,
      map,
    }));
    cache.set(key, loading);
    // What failed may be tried again.
    loading.catch(() => cache.delete(key));
    return loading;
  }

  watch(
    () => [image()?.id, run()] as const,
    async () => {
      const own = ++ticket;
      const wanted = image();
      problem.value = null;
      if (wanted === undefined) return void (picture.value = null);
      try {
        const loaded = await load(wanted);
        if (own !== ticket) return;
        picture.value = loaded;
      } catch (error) {
        if (own === ticket) problem.value = failureMessage(error);
      }
      for (const neighbour of neighbours()) {
        if (own !== ticket) return;
        // Shown when the reader comes to it; until then nobody asked for it.
        await load(neighbour).catch(() => undefined);
      }
    },
    { immediate: true },
  );
  return { picture, problem };
}
