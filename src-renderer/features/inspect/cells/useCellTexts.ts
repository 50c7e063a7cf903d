import { computed, type Ref } from 'vue';
import { definitionOf, methodTitle, type RunSettings } from '#shared/methods/index.ts';
import { fractionText, hotterThan } from '#shared/calibration.ts';
import { scoreAt, type PixelPoint } from '../../../viewer/viewer.ts';
import { pictureKinds } from '../explain/usePictures.ts';
import { mapView, placementOf } from '../model/map-view.ts';
import { otherText } from '../other/useOther.ts';
import type { Session } from '../session/session.ts';
import type { CellContext } from '../tools/toolbox.ts';
import { showsSupport, type CellKind } from './cell.ts';
import { pixelText, scoreText } from './hover-text.ts';

/** What takes the place of a support image where there is none. */
function heldAgainst(settings: RunSettings): string {
  const { references } = definitionOf(settings);
  return {
    support: 'No support image',
    bank: 'Held against all references together',
    queries: 'Held against the other queries',
    none: 'Held against no image',
  }[references];
}

/** What stands in the lower corners of a cell. */
export function useCellTexts(
  { frames, judged, map, preferences, settings, other, pictures }: Session,
  kind: () => CellKind,
  context: () => CellContext | undefined,
  hover: Readonly<Ref<PixelPoint | undefined>>,
) {
  const raw = computed(() => {
    const shown = frames.frame.value;
    return shown?.preview ? mapView(shown.preview, 'raw', placementOf(shown.settings, shown.pixels)) : null;
  });

  return {
    /** Under the pointer: the pixel, or the score. */
    under: computed((): string | undefined => {
      const at = context();
      const point = hover.value;
      if (!at || !point) return undefined;
      if (kind() !== 'map') return pixelText(at.pixels, at.image.acquisition?.rescale ?? null, point);
      if (!map.view.value) return undefined;
      const rawAt = (where: PixelPoint) =>
        raw.value ? scoreAt({ map: raw.value.drawn }, at.pixels, where) : undefined;
      const text = scoreText(map.view.value, rawAt, at.pixels, preferences.value.smooth, point);
      const table = map.calibration.value;
      const own = rawAt(point);
      if (!text || !table || own === undefined || text === 'background') return text;
      return `${text} · hotter than ${fractionText(hotterThan(table, own))} of normal pixels`;
    }),
    truth: computed((): string | undefined => {
      const frame = frames.frame.value;
      if (!frame || (kind() !== 'truth' && kind() !== 'difference')) return undefined;
      if (kind() === 'difference' && judged.isOwn.value) return 'My annotation';
      if (!frame.truth) return 'No ground truth known';
      return frame.image.groundTruth === 'empty' ? 'Ground truth is empty' : 'Ground truth';
    }),
    /** Where the slice lies in its series. */
    place: computed((): string | undefined => {
      const { value: frame } = frames.frame;
      if (frame?.preview && showsSupport(kind()) && !context()) return heldAgainst(frame.settings);
      if (pictures.problem.value && pictureKinds.includes(kind())) return pictures.problem.value;
      if (kind().endsWith('clusters') && pictures.withoutClusters.value)
        return 'This method does not cluster';
      const acquisition = context()?.image.acquisition;
      if (!acquisition) return undefined;
      const { slice, slices, plane, position } = acquisition;
      const parts = [
        `slice ${slice + 1} of ${slices}`,
        plane,
        position === null ? null : `${position.toFixed(1)} mm`,
      ];
      return parts.filter((part) => part !== null).join(' · ');
    }),
    /** What made the map. */
    map: computed(() => {
      if (kind() === 'other-map') {
        const { value } = other.other;
        return other.problem.value ?? (value ? otherText(value) : 'No B chosen yet');
      }
      const { value } = settings;
      const what = value.method === 'dino-ad' ? `K ${value.k}` : methodTitle(value);
      return `${value.model} · ${what}`;
    }),
  };
}
