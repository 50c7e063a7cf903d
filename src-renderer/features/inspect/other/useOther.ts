import { computed, shallowRef } from 'vue';
import type { RunId } from '#shared/domain.ts';
import { methodTitle, settingsText } from '#shared/methods/index.ts';
import type { RunSettings } from '#shared/settings.ts';
import { client } from '../../../api/client.ts';
import { someShow, type Cell } from '../cells/cell.ts';
import type { Frame } from '../model/frames.ts';
import { mapView, placementOf } from '../model/map-view.ts';
import { scoreScale, type ShownScale } from '../scales.ts';
import { useLatestAnswer } from '../session/latest-answer.ts';

/** What the present settings (A) are compared with. */
export type Other =
  | { readonly kind: 'settings'; readonly settings: RunSettings }
  | { readonly kind: 'run'; readonly run: RunId; readonly settings: RunSettings };

export function otherText(other: Other): string {
  const words = `${methodTitle(other.settings)}, ${other.settings.model}, ${settingsText(other.settings)}`;
  return other.kind === 'run' ? `run ${other.run}: ${words}` : words;
}

/** A second map of the same image: of settings that were kept, or as a run left it. */
export function useOther(frame: () => Frame | null, cells: () => readonly Cell[], scale: () => ShownScale) {
  const other = shallowRef<Other | null>(null);
  const { answer, problem } = useLatestAnswer(
    () => {
      const shown = frame();
      const asked = other.value;
      return shown && asked && someShow(cells(), ['other-map']) ? { image: shown.image, other: asked } : null;
    },
    ({ image, other }) =>
      other.kind === 'run'
        ? client.explain.stored({ runId: other.run, imageId: image.id })
        : client.inspect.preview({ imageId: image.id, settings: other.settings }),
  );

  return {
    other,
    problem,
    /** Null while it is computed: never the map of another image. */
    view: computed(() => {
      const preview = answer.value;
      const shown = frame();
      const asked = other.value;
      if (!preview || !asked || preview.imageId !== shown?.image.id) return null;
      return mapView(preview, scoreScale(scale()), placementOf(asked.settings, shown.pixels));
    }),
  };
}
