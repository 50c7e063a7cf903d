import { refDebounced } from '@vueuse/core';
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import type { ImageId, StudyImage } from '#shared/domain.ts';
import { maximumK, type RunSettings } from '#shared/settings.ts';
import { client, failureMessage } from '../../../api/client.ts';
import { createFrameLoader, type Frame, type Wanted } from '../model/frames.ts';
import { createSources, previewKey } from '../model/sources.ts';

export interface Frames {
  /** What stands on the screen; null before the first. */
  readonly frame: Readonly<ShallowRef<Frame | null>>;
  /** Why the image asked for, or its map, is not on the screen. */
  readonly problem: Readonly<ShallowRef<string | null>>;
  /** Something newer than the frame is on its way. */
  readonly pending: Readonly<Ref<boolean>>;
  /** It has been so for longer than an image takes whose normal images are prepared. */
  readonly slow: Readonly<Ref<boolean>>;
  retry(): void;
}

const slowAfter = 1500;

interface Options {
  readonly image: () => StudyImage | undefined;
  readonly settings: () => RunSettings;
  /** Which of the support images some cell shows. */
  readonly supports: () => readonly number[];
  readonly neighbours: () => readonly StudyImage[];
  readonly imageOf: (id: ImageId) => StudyImage | undefined;
  /** Changes when maps computed before no longer hold. */
  readonly pool: () => string;
  readonly onShown: (image: StudyImage) => void;
}

function oneClusterApart(settings: RunSettings): RunSettings[] {
  if (settings.method !== 'dino-ad') return [];
  const clusters = [settings.k + 1, settings.k - 1].filter((k) => k >= 1 && k <= maximumK);
  return clusters.map((k) => ({ ...settings, k }));
}

/** Keeps the frame on the screen up with what is wanted; the old one stays until the new one is complete. */
export function useFrames(options: Options): Frames {
  const frame = shallowRef<Frame | null>(null);
  const problem = shallowRef<string | null>(null);
  const pending = ref(false);
  const slow = refDebounced(pending, slowAfter);

  const sources = createSources((image, settings) => client.inspect.preview({ imageId: image.id, settings }));
  const loader = createFrameLoader(sources, (match) => options.imageOf(match.imageId), {
    show(next) {
      frame.value = next;
      problem.value = null;
      options.onShown(next.image);
    },
    fail(error) {
      problem.value = failureMessage(error);
    },
  });

  const wanted = (): Wanted | undefined => {
    const image = options.image();
    return image && { image, settings: options.settings(), supports: options.supports() };
  };

  /** One cluster more or less costs a few milliseconds, another image its features: the cheap ones first. */
  function likelyNext({ image, settings, supports }: Wanted): Wanted[] {
    return [
      ...oneClusterApart(settings).map((nearby) => ({ image, settings: nearby, supports })),
      ...options.neighbours().map((neighbour) => ({ image: neighbour, settings, supports })),
    ];
  }

  async function follow(next: Wanted | undefined): Promise<void> {
    if (next === undefined) {
      loader.stop();
      frame.value = null;
      return;
    }
    pending.value = true;
    const settled = await loader.load(next);
    if (!settled) return;
    pending.value = false;
    await loader.prefetch(likelyNext(next));
  }

  // A key of plain text: settings that are read again from storage are new objects with the same content.
  watch(
    () => {
      const next = wanted();
      return next && `${previewKey(next.image, next.settings)} ${next.supports.join()} ${options.pool()}`;
    },
    () => void follow(wanted()),
    { immediate: true },
  );
  watch(options.pool, () => sources.forgetPreviews(), { flush: 'sync' });
  onScopeDispose(loader.stop);

  return {
    frame,
    problem,
    pending,
    slow: computed(() => pending.value && slow.value),
    retry: () => void follow(wanted()),
  };
}
