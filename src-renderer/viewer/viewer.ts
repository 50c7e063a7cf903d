/**
 * The image viewer's only door: linked panes that show images, anomaly maps and masks. Knows nothing of Vue.
 *
 * One viewer serves all panes of a window. Panes share the view (pan, zoom) and the windows (grey levels).
 */
import { createFrameLoop, slotLimit } from './frame-loop.ts';
import type { TextureLimits } from './gl/textures.ts';
import { createPane } from './pane.ts';
import type { Pane, PaneHandle, PaneOptions, Windows } from './pane.ts';
import { createRenderer } from './renderer.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import { wholeImage } from './view.ts';
import type { SharedView } from './view.ts';

export { colourMapLabels, colourMapNames, colourTable, cssGradient } from '#shared/colour-maps.ts';
export type { ColourMapName } from '#shared/colour-maps.ts';
export { ViewerUnavailable } from './gl/context.ts';
export type { ProfileName } from './interaction.ts';
export type { PaneHandle, PaneOptions, Windows } from './pane.ts';
export type { PaneCallbacks, ToolDrag } from './pane-controller.ts';
export { isMasked, patchAt, pixelAt, scoreAt } from './probe.ts';
export { comparisonColours } from './scene.ts';
export type * from './scene.ts';
export type { Store } from './store.ts';
export type { PixelPoint, ScreenPoint, SharedView, View } from './view.ts';
export { autoWindow, defaultWindow, widthAndCentre } from './window-level.ts';
export type { Rescale, WindowLevel } from './window-level.ts';

export interface Viewer {
  /** Pan and zoom of all panes. */
  readonly view: Store<SharedView>;
  /** Grey windows that a reader chose, by `ImageLayer.windowGroup`; set `{}` to go back to the images' own. */
  readonly windows: Store<Windows>;
  /** Shows whole images again. */
  fit(): void;
  /**
   * Draws on this canvas, which fills its parent from now on. Throws when the canvas already has another kind
   * of context or when there are 31 panes.
   */
  attachPane(canvas: HTMLCanvasElement, options: PaneOptions): PaneHandle;
  /** Arrays on the graphics card. */
  statistics(): { readonly textures: number; readonly bytes: number };
  dispose(): void;
}

const defaultLimits: TextureLimits = { count: 96, bytes: 256 * 2 ** 20 };

/** Throws {@link ViewerUnavailable} where there is no WebGL2. */
export function createViewer(limits: TextureLimits = defaultLimits): Viewer {
  const view = createStore(wholeImage);
  const windows = createStore<Windows>({});
  const panes: (Pane | undefined)[] = [];
  const loop = createFrameLoop((slot) => panes[slot]?.draw());
  const markAll = () => panes.forEach((pane, slot) => pane && loop.mark(slot));
  const renderer = createRenderer(limits, markAll);
  view.subscribe(markAll);
  windows.subscribe(markAll);

  return {
    view,
    windows,
    fit: () => view.set(wholeImage),
    attachPane(canvas, options) {
      const free = panes.indexOf(undefined);
      const slot = free === -1 ? panes.length : free;
      if (slot >= slotLimit) throw new Error(`A viewer has at most ${slotLimit} panes.`);
      const pane = createPane(canvas, options, {
        renderer,
        view,
        windows,
        mark: () => loop.mark(slot),
        onDispose: () => (panes[slot] = undefined),
      });
      panes[slot] = pane;
      return pane.handle;
    },
    statistics: () => renderer.statistics(),
    dispose() {
      for (const pane of panes) pane?.handle.dispose();
      loop.dispose();
      renderer.dispose();
    },
  };
}
