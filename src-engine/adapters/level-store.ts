import type { PixelsInfo } from '#shared/domain.ts';
import { contentOf } from '../features/content.ts';
import type { Inputs } from '../features/inputs.ts';
import { LeastRecentlyUsed } from '../features/lru.ts';
import type { Extractor } from '../models/extractor.ts';
import { extractLevels, type ImageLevels } from './levels.ts';

/** Levels of the large encoder are 8 MB an image: enough for those a person goes back and forth between. */
const BYTES = 96 * 1024 ** 2;

/** The levels of the latest images, so that another class, list or adapter of the same encoder costs no run of it. */
export function openLevelStore(inputs: Inputs) {
  const latest = new LeastRecentlyUsed<string, ImageLevels>(BYTES, ({ patches }) => patches.byteLength);
  return {
    /** Milliseconds are 0 where the levels were there. */
    async get(
      extractor: Extractor,
      pixels: PixelsInfo,
      size: number,
      layers: readonly number[],
    ): Promise<{ levels: ImageLevels; milliseconds: { decode: number; features: number } }> {
      const key = `${contentOf(pixels)} ${extractor.fingerprint} ${size} ${layers.join()}`;
      const present = latest.get(key);
      if (present) return { levels: present, milliseconds: { decode: 0, features: 0 } };
      const made = await inputs.make(pixels, extractor.preparation(size));
      const levels = await extractLevels(extractor, made.input, layers);
      latest.set(key, levels);
      return { levels, milliseconds: { decode: made.milliseconds, features: levels.milliseconds } };
    },
  };
}

export type LevelStore = ReturnType<typeof openLevelStore>;
