import { computed, type Ref } from 'vue';
import { methodTitle } from '#shared/methods/index.ts';
import { scoreAt, type PixelPoint } from '../../../viewer/viewer.ts';
import { mapView } from '../model/map-view.ts';
import type { Session } from '../session/session.ts';
import type { CellContext } from '../tools/toolbox.ts';
import { pixelText, scoreText } from './hover-text.ts';

/** What stands in the lower corners of a cell. */
export function useCellTexts(
  { frames, map, preferences, settings }: Session,
  context: () => CellContext | undefined,
  hover: Readonly<Ref<PixelPoint | undefined>>,
) {
  const kind = computed(() => context()?.cell.kind);
  const raw = computed(() => {
    const preview = frames.frame.value?.preview;
    return preview ? mapView(preview, 'raw') : null;
  });

  return {
    /** Under the pointer: the pixel, or the score. */
    under: computed((): string | undefined => {
      const at = context();
      const point = hover.value;
      if (!at || !point) return undefined;
      if (kind.value !== 'map') return pixelText(at.pixels, at.image.acquisition?.rescale ?? null, point);
      if (!map.view.value) return undefined;
      const rawAt = (where: PixelPoint) =>
        raw.value ? scoreAt({ map: raw.value.map }, at.pixels, where) : undefined;
      return scoreText(map.view.value, rawAt, at.pixels, preferences.value.smooth, point);
    }),
    truth: computed((): string | undefined => {
      const frame = frames.frame.value;
      if (!frame || (kind.value !== 'truth' && kind.value !== 'difference')) return undefined;
      if (!frame.truth) return 'No ground truth known';
      return frame.image.groundTruth === 'empty' ? 'Ground truth is empty' : 'Ground truth';
    }),
    /** Where the slice lies in its series. */
    place: computed((): string | undefined => {
      const acquisition = context()?.image.acquisition;
      if (!acquisition) return undefined;
      const { slice, slices, plane, position } = acquisition;
      const parts = [`slice ${slice + 1} of ${slices}`, plane, position === null ? null : `${position.toFixed(1)} mm`];
      return parts.filter((part) => part !== null).join(' · ');
    }),
    /** What made the map. */
    map: computed(() => {
      const { value } = settings;
      const what = value.method === 'dino-ad' ? `K ${value.k}` : methodTitle(value);
      return `${value.model} · ${what}`;
    }),
  };
}
