/**
 * A frame is all that stands on the screen at once, so that the map over an image is always that image's map.
 * A frame is replaced as a whole when the next one is complete; only when that takes longer than a reader
 * should wait does a new image appear without its map.
 */
import type { Mask, PixelArray } from '#shared/arrays.ts';
import type { StudyImage } from '#shared/domain.ts';
import type { Match, Preview } from '#shared/results.ts';
import type { RunSettings } from '#shared/settings.ts';
import { Superseded } from './lane.ts';
import type { Sources } from './sources.ts';

/** Milliseconds a new image waits for its map before it is shown without; the first of all does not wait. */
const patience = 150;

export interface Wanted {
  readonly image: StudyImage;
  readonly settings: RunSettings;
  /** Which of the support images are shown, from 0; the last one for those there are not. */
  readonly supports: readonly number[];
}

export interface Support {
  readonly image: StudyImage;
  readonly pixels: PixelArray;
  readonly similarity: number;
  readonly index: number;
  readonly count: number;
}

export interface Frame {
  readonly image: StudyImage;
  readonly pixels: PixelArray;
  /** Null when nobody knows the ground truth. */
  readonly truth: Mask | null;
  /** What its file draws over it; null where that is nothing. */
  readonly overlay: Mask | null;
  /** Null while it is computed, or when that failed. */
  readonly preview: Preview | null;
  readonly settings: RunSettings;
  readonly supports: readonly Support[];
}

/** The support image that stands for an index: the last one when there are fewer. */
export const supportAt = ({ supports }: Frame, index: number): Support | undefined =>
  supports.findLast((support) => support.index <= index) ?? supports[0];

export interface FrameListener {
  show(frame: Frame): void;
  /** The image itself, or its map, could not be had. */
  fail(error: unknown, wanted: Wanted): void;
}

export interface FrameLoader {
  /** Resolves to false when something else was wanted before this one was settled. */
  load(wanted: Wanted): Promise<boolean>;
  /** Brings images likely to come next into the caches, one after the other, until something else is wanted. */
  prefetch(wanted: readonly Wanted[]): Promise<void>;
  /** Nothing that is on its way is shown any more. */
  stop(): void;
}

export function createFrameLoader(
  sources: Sources,
  imageOf: (match: Match) => StudyImage | undefined,
  listener: FrameListener,
): FrameLoader {
  let ticket = 0;
  let shown: StudyImage | null = null;

  async function loadSupports(preview: Preview, wanted: readonly number[]): Promise<Support[]> {
    const count = preview.support.length;
    const indices = new Set(wanted.map((index) => Math.min(index, count - 1)));
    const supports = [...indices].map(async (index): Promise<Support[]> => {
      const match = preview.support[index];
      const image = match && imageOf(match);
      if (!match || !image) return [];
      const { similarity } = match;
      return [{ image, pixels: await sources.pixels(image), similarity, index, count }];
    });
    return (await Promise.all(supports)).flat();
  }

  async function load(wanted: Wanted): Promise<boolean> {
    const own = ++ticket;
    const { image, settings } = wanted;
    const isCurrent = (): boolean => own === ticket;
    const show = (
      preview: Preview | null,
      supports: readonly Support[],
      [pixels, truth, overlay]: [PixelArray, Mask | null, Mask | null],
    ): void => {
      shown = image;
      listener.show({ image, settings, pixels, truth, overlay, preview, supports });
    };

    const base = Promise.all([sources.pixels(image), sources.groundTruth(image), sources.overlay(image)]);
    const result = sources
      .preview(image, settings)
      .then(async (preview) => [preview, await loadSupports(preview, wanted.supports)] as const);

    const late = setTimeout(
      () => {
        if (shown?.id === image.id) return;
        base.then(
          (loaded) => isCurrent() && show(null, [], loaded),
          () => undefined,
        );
      },
      shown === null ? 0 : patience,
    );

    try {
      const [loaded, [preview, supports]] = await Promise.all([base, result]);
      if (isCurrent()) show(preview, supports, loaded);
    } catch (error) {
      if (error instanceof Superseded || !isCurrent()) return false;
      await base.then(
        (loaded) => isCurrent() && show(null, [], loaded),
        () => undefined,
      );
      listener.fail(error, wanted);
    } finally {
      clearTimeout(late);
    }
    return isCurrent();
  }

  async function prefetch(list: readonly Wanted[]): Promise<void> {
    const own = ticket;
    for (const { image, settings, supports } of list) {
      if (own !== ticket) return;
      try {
        await Promise.all([sources.pixels(image), sources.groundTruth(image)]);
        if (own !== ticket) return;
        const preview = await sources.prefetchPreview(image, settings);
        if (preview) await loadSupports(preview, supports);
      } catch {
        // Shown when the reader comes to that image; until then nobody asked for it.
      }
    }
  }

  return {
    load,
    prefetch,
    stop: () => {
      ticket++;
    },
  };
}
