/** One canvas on the page: follows its size, keeps its scene, and asks for frames. */
import { controlPane } from './pane-controller.ts';
import type { PaneCallbacks, PaneState } from './pane-controller.ts';
import type { ProfileName } from './interaction.ts';
import type { Surface } from './gl/layer.ts';
import type { Picture, Renderer } from './renderer.ts';
import { frameOf } from './scene.ts';
import type { PaneScene } from './scene.ts';
import type { Store } from './store.ts';
import { fromShared, imageToScreen, keepInImage, oneToOne, pan, screenToImage, toShared } from './view.ts';
import { wholeImage, zoomAt, zoomLimits } from './view.ts';
import type { Orientation, PaneSize, PixelPoint, ScreenPoint, SharedView, View } from './view.ts';
import { defaultWindow } from './window-level.ts';
import type { WindowLevel } from './window-level.ts';

/** Windows that readers dragged, by the group of their images. */
export type Windows = Readonly<Record<string, WindowLevel>>;

export interface PaneOptions extends PaneCallbacks {
  readonly profile: ProfileName;
  /** A view of its own instead of the one the panes share. */
  readonly view?: Store<SharedView>;
  /** Grey windows of its own instead of the shared ones. */
  readonly windows?: Store<Windows>;
}

export interface PaneHandle {
  /** Shows a scene, or black. Throws a `Failure` when an image is larger than the graphics driver can hold. */
  setScene(scene: PaneScene | undefined): void;
  /** The view of this pane's image in absolute terms; undefined while it shows nothing. */
  view(): View | undefined;
  /** The window its image is shown with. */
  window(): WindowLevel | undefined;
  toImage(point: ScreenPoint): PixelPoint | undefined;
  toScreen(point: PixelPoint): ScreenPoint | undefined;
  /** Moves the image by CSS pixels. */
  panBy(dx: number, dy: number): void;
  /** Zooms about a screen point, the centre of the pane if absent. */
  zoomBy(factor: number, at?: ScreenPoint): void;
  /** One image pixel on one device pixel. */
  oneToOne(): void;
  /** Sets the window of the image, chosen by what it is; undefined goes back to its own. */
  setWindow(choose: (base: PaneScene['base']) => WindowLevel | undefined): void;
  turn(change: (orientation: Orientation) => Orientation): void;
  /** Shows the whole image again, the same way up. */
  fit(): void;
  /** Puts an image point in the middle of the pane. */
  centreOn(point: PixelPoint): void;
  /** The pane as it is drawn now, in device pixels. */
  readPixels(): ImageData;
  /** Takes the pane off the viewer; the canvas keeps its last picture. */
  dispose(): void;
}

/** What the panes of one viewer share. */
export interface PaneWorld {
  readonly renderer: Renderer;
  readonly view: Store<SharedView>;
  readonly windows: Store<Windows>;
  /** Asks for this pane at the next frame. */
  readonly mark: () => void;
  /** Draws it now, and not again at the next frame. */
  readonly drawNow: () => void;
  readonly onDispose: () => void;
}

export interface Pane {
  readonly handle: PaneHandle;
  draw(): void;
}

const defaultGroup = 'image';

export function createPane(canvas: HTMLCanvasElement, options: PaneOptions, world: PaneWorld): Pane {
  const { renderer, mark, drawNow } = world;
  const shared = options.view ?? world.view;
  const windows = options.windows ?? world.windows;
  const target = canvas.getContext('bitmaprenderer');
  if (target === null) throw new Error('A pane needs a canvas that no other context draws on.');
  Object.assign(canvas.style, { display: 'block', width: '100%', height: '100%', touchAction: 'none' });

  let scene: PaneScene | undefined;
  let size: PaneSize = { width: canvas.clientWidth, height: canvas.clientHeight };
  let surface = surfaceOf(size);

  const state = (): PaneState | undefined => scene && stateOf(scene.base);

  function stateOf(base: PaneScene['base']): PaneState {
    const image = frameOf(base);
    const group = base.windowGroup ?? defaultGroup;
    return {
      size,
      image,
      get view() {
        return fromShared(shared.get(), size, image);
      },
      set view(view) {
        shared.set(toShared(view, size, image));
      },
      get window() {
        return windows.get()[group] ?? base.window ?? startingWindow(base);
      },
      set window(window) {
        windows.set({ ...windows.get(), [group]: window });
      },
    };
  }

  function pictureOf(shown: PaneScene): Picture {
    const { view, window } = stateOf(shown.base);
    const { curtain } = shown;
    const picture = { scene: shown, view, window };
    return curtain ? { ...picture, curtain: { picture: pictureOf(curtain.scene), at: curtain.at } } : picture;
  }

  const picture = (): Picture | undefined => scene && pictureOf(scene);

  /** Until there is something to show the canvas stays empty, which is as black as its surroundings, and costs nothing. */
  let hasDrawn = false;

  function draw(): void {
    if (surface.width === 0 || surface.height === 0 || (scene === undefined && !hasDrawn)) return;
    hasDrawn = true;
    const bitmap = renderer.draw(picture(), surface);
    if (bitmap !== undefined) target?.transferFromImageBitmap(bitmap);
  }

  // Drawn at once: at the next frame the old picture would show stretched for a moment.
  const resizing = new ResizeObserver(([entry]) => {
    if (entry === undefined) return;
    const css = entry.contentBoxSize[0]!;
    size = { width: css.inlineSize, height: css.blockSize };
    surface = surfaceOf(size, entry.devicePixelContentBoxSize[0]!);
    if (hasDrawn) drawNow();
    else mark();
  });
  resizing.observe(canvas, { box: 'device-pixel-content-box' });
  const stops = [
    controlPane(canvas, options.profile, options, state),
    shared.subscribe(mark),
    windows.subscribe(mark),
  ];

  function change(next: (pane: PaneState) => View): void {
    const pane = state();
    if (pane !== undefined) pane.view = keepInImage(next(pane), pane.image);
  }

  const handle: PaneHandle = {
    setScene(next) {
      if (next !== undefined) renderer.check(next);
      scene = next;
      mark();
    },
    view: () => state()?.view,
    window: () => state()?.window,
    toImage(point) {
      const view = state()?.view;
      return view && screenToImage(view, size, point);
    },
    toScreen(point) {
      const view = state()?.view;
      return view && imageToScreen(view, size, point);
    },
    panBy: (dx, dy) => change(({ view }) => pan(view, dx, dy)),
    zoomBy(factor, at = [size.width / 2, size.height / 2]) {
      change(({ view, image }) => zoomAt(view, size, at, factor, zoomLimits(size, image, view.orientation)));
    },
    oneToOne: () => change(({ view }) => oneToOne(view, surface.ratio)),
    setWindow(choose) {
      if (!scene) return;
      const group = scene.base.windowGroup ?? defaultGroup;
      const window = choose(scene.base);
      const { [group]: _, ...others } = windows.get();
      windows.set(window ? { ...others, [group]: window } : others);
    },
    turn(change) {
      shared.set({ ...shared.get(), orientation: change(shared.get().orientation) });
    },
    fit: () => shared.set({ ...wholeImage, orientation: shared.get().orientation }),
    centreOn: ([cx, cy]) => change(({ view }) => ({ ...view, cx, cy })),
    readPixels: () => renderer.read(picture(), surface),
    dispose() {
      resizing.disconnect();
      for (const stop of stops) stop();
      world.onDispose();
    },
  };
  return { handle, draw };
}

/** Percentiles cost a pass over the pixels, so each image's window is found once. */
const startingWindows = new WeakMap<object, WindowLevel>();

function startingWindow({ pixels, rescale }: PaneScene['base']): WindowLevel {
  const known = startingWindows.get(pixels);
  if (known !== undefined) return known;
  const found = defaultWindow(pixels, rescale);
  startingWindows.set(pixels, found);
  return found;
}

/**
 * The device pixels of a pane: what the browser lays out, exact also where the ratio is no whole number. An
 * emulated screen (developer tools, tests) lays out in CSS pixels instead, and then the ratio decides.
 */
function surfaceOf(size: PaneSize, laidOut?: ResizeObserverSize): Surface {
  const width = size.width * devicePixelRatio;
  const height = size.height * devicePixelRatio;
  const trusted =
    laidOut && Math.abs(laidOut.inlineSize - width) < 2 && Math.abs(laidOut.blockSize - height) < 2;
  const [across, down] = trusted
    ? [laidOut.inlineSize, laidOut.blockSize]
    : [Math.round(width), Math.round(height)];
  return { width: across, height: down, ratio: across / size.width || devicePixelRatio };
}
