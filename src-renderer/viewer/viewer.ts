/**
 * The image viewer's only door: linked panes that show images, anomaly maps and masks. Knows nothing of Vue.
 *
 * One viewer serves all panes of a window. Panes share the view (pan, zoom) and the windows (grey levels).
 */
import { createFrameLoop } from './frame-loop.ts';
import { createPane } from './pane.ts';
import type { Pane, PaneHandle, PaneOptions, Windows } from './pane.ts';
import type { Renderer } from './renderer.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';
import { wholeImage } from './view.ts';
import type { SharedView } from './view.ts';

export { colourMapLabels, colourMapNames, colourTable, cssGradient } from '#shared/colour-maps.ts';
export type { ColourMapName } from '#shared/colour-maps.ts';
export { ViewerUnavailable } from './gl/context.ts';
export type { ProfileName } from './interaction.ts';
export type { PaneHandle, PaneOptions, Windows } from './pane.ts';
export type { PaneCallbacks } from './pane-controller.ts';
export { isMasked, patchAt, pixelAt, scoreAt } from './probe.ts';
export { createRenderer } from './renderer.ts';
export type { Renderer } from './renderer.ts';
export { comparisonColours } from './scene.ts';
export { createLiveLabels } from './live-labels.ts';
export type { LiveLabels } from './live-labels.ts';
export type * from './scene.ts';
export { createStore } from './store.ts';
export type { Store } from './store.ts';
export type { PaneTool, ToolDrag } from './tool.ts';
export { flipped, turned, turnToImage, wholeImage } from './view.ts';
export type { Orientation, PixelPoint, ScreenPoint, SharedView, View } from './view.ts';
export {
  autoWindow,
  defaultWindow,
  fullWindow,
  hounsfieldPresets,
  tissueWindow,
  widthAndCentre,
  windowOf,
} from './window-level.ts';
export type { Rescale, WindowLevel } from './window-level.ts';
export { warmUps } from './warm-up.ts';

export interface Viewer {
  /** Pan, zoom and orientation of all panes that have no view of their own. */
  readonly view: Store<SharedView>;
  /** Grey windows that a reader chose, by `ImageLayer.windowGroup`; set `{}` to go back to the images' own. */
  readonly windows: Store<Windows>;
  /** Shows whole images again, the same way up. */
  fit(): void;
  /** Draws on this canvas, which fills its parent from now on. Throws when another kind of context draws on it. */
  attachPane(canvas: HTMLCanvasElement, options: PaneOptions): PaneHandle;
  /** Arrays on the graphics card. */
  statistics(): { readonly textures: number; readonly bytes: number };
  dispose(): void;
}

/**
 * Draws with a renderer that others may use too, one after the other, and that stays when the viewer goes: making one
 * takes a while.
 */
export function createViewer(renderer: Renderer): Viewer {
  const view = createStore(wholeImage);
  const windows = createStore<Windows>({});
  const panes = new Set<Pane>();
  const loop = createFrameLoop((pane: Pane) => pane.draw());
  const stopRestoring = renderer.onRestored(() => panes.forEach(loop.mark));

  return {
    view,
    windows,
    fit: () => view.set({ ...wholeImage, orientation: view.get().orientation }),
    attachPane(canvas, options) {
      const pane: Pane = createPane(canvas, options, {
        renderer,
        view,
        windows,
        mark: () => loop.mark(pane),
        drawNow() {
          loop.drop(pane);
          pane.draw();
        },
        onDispose() {
          panes.delete(pane);
          loop.drop(pane);
        },
      });
      panes.add(pane);
      loop.mark(pane);
      return pane.handle;
    },
    statistics: () => renderer.statistics(),
    dispose() {
      panes.forEach((pane) => pane.handle.dispose());
      loop.dispose();
      stopRestoring();
      renderer.clear();
    },
  };
}
