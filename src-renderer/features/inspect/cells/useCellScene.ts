import { computed, type ComputedRef } from 'vue';
import type { Mask } from '#shared/arrays.ts';
import type { PaneScene } from '../../../viewer/viewer.ts';
import { supportAt, type Frame } from '../model/frames.ts';
import type { Session } from '../session/session.ts';
import type { CellContext } from '../tools/toolbox.ts';
import { showsSupport, type Cell, type CellKind } from './cell.ts';
import { imageLayer } from './image-layer.ts';

const truthColour = '#5cc8ff';
/** As films are written on. */
const overlayColour = '#ffffff';

/** The image a cell stands on; undefined while there is none. */
export function contextOf(frame: Frame | null, cell: Cell, index: number): CellContext | undefined {
  if (frame === null) return undefined;
  const shown = showsSupport(cell.kind) ? supportAt(frame, cell.support) : frame;
  return shown && { index, cell, image: shown.image, pixels: shown.pixels };
}

/** The threshold that counts in a cell: everybody's, or its own. */
export function cellThreshold({ map, layout }: Session, cell: Cell): number {
  const own = layout.links.value.threshold ? null : cell.threshold;
  return own ?? map.threshold.value;
}

/** What a cell shows. Follows only what changes it, so that a slider redraws the cells it is about. */
export function useCellScene(
  session: Session,
  context: () => CellContext | undefined,
  /** Null hides the second picture. */
  curtain: () => number | null,
  overlayHidden: () => boolean,
): ComputedRef<PaneScene | undefined> {
  const { frames, judged, map, preferences, layout, toolbox, pictures, other } = session;
  const frame = computed(() => frames.frame.value);

  function base(kind: CellKind, { index, cell }: CellContext) {
    const shown = contextOf(frame.value, { ...cell, kind }, index);
    if (!shown) return undefined;
    const { interpolate, invert } = preferences.value;
    // Query and support are windowed together, so that they compare by eye.
    const windowGroup = layout.links.value.window ? 'image' : `cell ${index}`;
    return imageLayer(shown.image, shown.pixels, { interpolate, invert, windowGroup });
  }

  function outlined(mask: Mask | null | undefined, style: 'outline' | 'fill') {
    return mask ? [{ mask, style, colour: truthColour } as const] : [];
  }

  function overlayMask() {
    const overlay = preferences.value.overlay ? frame.value?.overlay : null;
    return overlay ? [{ mask: overlay, style: 'fill', colour: overlayColour, opacity: 1 } as const] : [];
  }

  function colours(kind: CellKind, { index, cell }: CellContext, what: 'clusters' | 'features') {
    const shown = contextOf(frame.value, { ...cell, kind }, index);
    const grid = shown && pictures.of(shown.image.id, what);
    const sampling = what === 'features' && preferences.value.smooth ? 'smooth' : 'patches';
    return grid ? { colours: { grid, opacity: preferences.value.opacity, sampling } as const } : {};
  }

  function scene(kind: CellKind, at: CellContext): PaneScene | undefined {
    const image = base(kind, at);
    if (!image) return undefined;
    const plain: PaneScene = { base: image };
    if (overlayHidden()) return plain;
    switch (kind) {
      case 'query':
        return { ...plain, masks: overlayMask() };
      case 'support':
        return plain;
      case 'map':
        return { ...plain, ...map.overlay(cellThreshold(session, at.cell)) };
      case 'truth':
        return { ...plain, masks: outlined(frame.value?.truth, preferences.value.truthStyle) };
      case 'difference':
        return {
          ...plain,
          ...(judged.mask.value ? map.comparison(judged.mask.value, cellThreshold(session, at.cell)) : {}),
          masks: outlined(judged.mask.value, 'outline'),
        };
      case 'clusters':
      case 'support-clusters':
        return { ...plain, ...colours(kind, at, 'clusters') };
      case 'features':
      case 'support-features':
        return { ...plain, ...colours(kind, at, 'features') };
      case 'other-map':
        return other.view.value
          ? { ...plain, ...map.overlay(cellThreshold(session, at.cell), other.view.value) }
          : plain;
    }
  }

  return computed(() => {
    const at = context();
    const shown = at && scene(at.cell.kind, at);
    if (!at || !shown) return undefined;
    const decorated = overlayHidden()
      ? shown
      : toolbox.layers.value.reduce((scene, layer) => layer.decorate?.(at, scene) ?? scene, shown);
    const { comparing } = at.cell;
    const drawn = curtain();
    const behind = comparing && drawn !== null ? scene(comparing.with, at) : undefined;
    return behind && drawn !== null ? { ...decorated, curtain: { scene: behind, at: drawn } } : decorated;
  });
}
