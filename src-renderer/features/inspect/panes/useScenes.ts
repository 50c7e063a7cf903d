import { computed, type ComputedRef } from 'vue';
import type { PaneScene } from '../../../viewer/viewer.ts';
import type { Session } from '../session/session.ts';

/** Query and support are windowed together, so that they compare by eye. */
const windowGroup = 'image';

export interface Scenes {
  readonly query: ComputedRef<PaneScene | undefined>;
  readonly support: ComputedRef<PaneScene | undefined>;
  readonly map: ComputedRef<PaneScene | undefined>;
  readonly difference: ComputedRef<PaneScene | undefined>;
}

const truthColour = '#5cc8ff';

/** What the four panes show; each follows only what changes it, so that a slider redraws one pane and not four. */
export function useScenes({ frames, map, preferences }: Session, overlayHidden: () => boolean): Scenes {
  const frame = computed(() => frames.frame.value);
  // Another map of the same image leaves its pixels, and with them this layer, as they are.
  const pixels = computed(() => frame.value?.pixels);
  const base = computed(() => pixels.value && { pixels: pixels.value, windowGroup });
  const supportPixels = computed(() => frame.value?.support?.pixels);
  const truth = computed(() => frame.value?.truth ?? null);
  const sampling = computed(() => (preferences.value.smooth ? 'smooth' : 'patches'));
  const opacity = computed(() => preferences.value.opacity);
  const colourMap = computed(() => preferences.value.colourMap);

  return {
    query: computed(() => (base.value ? { base: base.value } : undefined)),
    support: computed(() =>
      supportPixels.value ? { base: { pixels: supportPixels.value, windowGroup } } : undefined,
    ),
    map: computed(() => {
      if (!base.value) return undefined;
      if (!map.view.value || overlayHidden()) return { base: base.value };
      const overlay = {
        map: map.view.value.map,
        sampling: sampling.value,
        colourMap: colourMap.value,
        range: map.range.value,
        threshold: map.threshold.value,
        opacity: opacity.value,
      } as const;
      return { base: base.value, overlay };
    }),
    difference: computed(() => {
      if (!base.value) return undefined;
      const mask = truth.value;
      if (!mask || overlayHidden()) return { base: base.value };
      const masks = [{ mask, style: 'outline', colour: truthColour }] as const;
      if (!map.view.value) return { base: base.value, masks };
      // Always interpolated: that is what the figures are computed from.
      const comparison = {
        map: map.view.value.map,
        sampling: 'smooth',
        mask,
        threshold: map.threshold.value,
      } as const;
      return { base: base.value, comparison, masks };
    }),
  };
}
