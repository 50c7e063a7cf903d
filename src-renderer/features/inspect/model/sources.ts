/** Everything the panes show, each thing fetched once and kept while there is room. */
import type { Mask, PixelArray } from '#shared/arrays.ts';
import type { StudyImage } from '#shared/domain.ts';
import type { Preview } from '#shared/results.ts';
import type { RunSettings } from '#shared/settings.ts';
import { createLane } from './lane.ts';
import { createLruCache, type LruCache } from './lru.ts';
import { fetchGroundTruth, fetchOverlay, fetchPixels } from './resources.ts';

const pixelBudget = 256 * 2 ** 20;
const previewBudget = 400;

export type PreviewCall = (image: StudyImage, settings: RunSettings) => Promise<Preview>;

export interface Sources {
  pixels(image: StudyImage): Promise<PixelArray>;
  groundTruth(image: StudyImage): Promise<Mask | null>;
  overlay(image: StudyImage): Promise<Mask | null>;
  /** In the reader's lane: one request at a time, only the newest waits (rejects with `Superseded`). */
  preview(image: StudyImage, settings: RunSettings): Promise<Preview>;
  /** Beside the lane, for neighbours; null when the reader waits for something else. */
  prefetchPreview(image: StudyImage, settings: RunSettings): Promise<Preview | null>;
  /** Maps are computed afresh: the normal images or their roles have changed. */
  forgetPreviews(): void;
}

/** One string for one picture under one set of settings. */
export const previewKey = (image: StudyImage, settings: RunSettings): string =>
  `${image.id} ${JSON.stringify(settings)}`;

function remember<Key, Value>(
  cache: LruCache<Key, Promise<Value>>,
  key: Key,
  weight: number,
  load: () => Promise<Value>,
): Promise<Value> {
  const known = cache.get(key);
  if (known) return known;
  const loading = load();
  cache.set(key, loading, weight);
  // What failed may be tried again.
  loading.catch(() => cache.delete(key));
  return loading;
}

export function createSources(call: PreviewCall): Sources {
  const pixels = createLruCache<number, Promise<PixelArray>>(pixelBudget);
  const truths = createLruCache<number, Promise<Mask | null>>(pixelBudget / 4);
  const overlays = createLruCache<number, Promise<Mask | null>>(pixelBudget / 8);
  const previews = createLruCache<string, Promise<Preview>>(previewBudget);
  const lane = createLane();

  return {
    pixels(image) {
      const { width, height, channels } = image.pixels;
      const bytes = image.pixels.type === 'float32' ? 4 : image.pixels.type === 'uint8' ? 1 : 2;
      return remember(pixels, image.id, width * height * channels * bytes, () => fetchPixels(image));
    },
    groundTruth: (image) =>
      remember(truths, image.id, image.pixels.width * image.pixels.height, () => fetchGroundTruth(image)),
    overlay: (image) =>
      image.hasOverlay
        ? remember(overlays, image.id, image.pixels.width * image.pixels.height, () => fetchOverlay(image))
        : Promise.resolve(null),
    preview(image, settings) {
      const key = previewKey(image, settings);
      return previews.get(key) ?? lane.run(() => remember(previews, key, 1, () => call(image, settings)));
    },
    async prefetchPreview(image, settings) {
      if (lane.busy) return null;
      return remember(previews, previewKey(image, settings), 1, () => call(image, settings));
    },
    forgetPreviews: () => previews.clear(),
  };
}
