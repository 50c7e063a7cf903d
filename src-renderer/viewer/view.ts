/**
 * Where an image lies in a pane. Pure.
 *
 * Image pixel `i` covers `[i, i + 1)`, so its centre is `i + 0.5`. Screen points are CSS pixels from the
 * top left corner of the pane.
 */

export type PixelPoint = readonly [x: number, y: number] & { readonly space?: 'pixel' };
type Vector = readonly [x: number, y: number];
export type ScreenPoint = readonly [x: number, y: number] & { readonly space?: 'screen' };

/** CSS pixels. */
export interface PaneSize {
  readonly width: number;
  readonly height: number;
}

/** What the geometry needs to know of an image. */
export interface ImageFrame {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Height of one pixel over its width (row spacing / column spacing); 1 for photographs. */
  readonly aspect: number;
}

/** How an image lies in its pane: mirrored left to right first, then turned clockwise by quarter turns. */
export interface Orientation {
  readonly turns: 0 | 1 | 2 | 3;
  readonly mirrored: boolean;
}

export const upright: Orientation = { turns: 0, mirrored: false };

/** What one pane shows: the image point at its centre, the scale, and which way up. */
export interface View {
  readonly cx: number;
  readonly cy: number;
  /** CSS pixels per image pixel along a row; along a column it is `zoom * aspect`. */
  readonly zoom: number;
  readonly aspect: number;
  readonly orientation: Orientation;
}

/**
 * What linked panes have in common, whatever the sizes of their images: the centre as a fraction of the
 * image, the scale relative to the one at which the whole image fits the pane, and which way up.
 */
export interface SharedView {
  readonly x: number;
  readonly y: number;
  readonly magnification: number;
  readonly orientation: Orientation;
}

export interface ZoomLimits {
  readonly min: number;
  readonly max: number;
}

/** The whole image, in the middle. */
export const wholeImage: SharedView = { x: 0.5, y: 0.5, magnification: 1, orientation: upright };

const largestZoom = 64;
const smallestPartOfFit = 0.25;

/** A direction along the image's own axes as it lies on the screen. */
export function turnToScreen({ turns, mirrored }: Orientation, [x, y]: Vector): Vector {
  let [across, down] = [mirrored ? -x : x, y];
  for (let turn = 0; turn < turns; turn++) [across, down] = [-down, across];
  return [across, down];
}

/** The inverse of {@link turnToScreen}. */
export function turnToImage({ turns, mirrored }: Orientation, [x, y]: Vector): Vector {
  let [across, down] = [x, y];
  for (let turn = 0; turn < turns; turn++) [across, down] = [down, -across];
  return [mirrored ? -across : across, down];
}

/** As seen on the screen: a quarter turn, clockwise for 1. */
export function turned({ turns, mirrored }: Orientation, by: 1 | -1): Orientation {
  return { turns: quarter(turns + by), mirrored };
}

/** As seen on the screen: left and right, or top and bottom, change places. */
export function flipped({ turns, mirrored }: Orientation, axis: 'across' | 'down'): Orientation {
  return { turns: quarter((axis === 'across' ? 0 : 2) - turns), mirrored: !mirrored };
}

const quarter = (turns: number) => (((turns % 4) + 4) % 4) as Orientation['turns'];

export function screenToImage(view: View, pane: PaneSize, [x, y]: ScreenPoint): PixelPoint {
  const [across, down] = turnToImage(view.orientation, [x - pane.width / 2, y - pane.height / 2]);
  return [across / view.zoom + view.cx, down / (view.zoom * view.aspect) + view.cy];
}

export function imageToScreen(view: View, pane: PaneSize, [x, y]: PixelPoint): ScreenPoint {
  const [across, down] = turnToScreen(view.orientation, [
    (x - view.cx) * view.zoom,
    (y - view.cy) * view.zoom * view.aspect,
  ]);
  return [across + pane.width / 2, down + pane.height / 2];
}

/** Zooms by `factor` and keeps the image point under the screen point `at` where it is. */
export function zoomAt(
  view: View,
  pane: PaneSize,
  at: ScreenPoint,
  factor: number,
  limits: ZoomLimits,
): View {
  const zoom = Math.min(limits.max, Math.max(limits.min, view.zoom * factor));
  const [x, y] = screenToImage(view, pane, at);
  const kept = view.zoom / zoom;
  return { ...view, cx: x + (view.cx - x) * kept, cy: y + (view.cy - y) * kept, zoom };
}

/** Moves the image with the pointer, by CSS pixels. */
export function pan(view: View, dx: number, dy: number): View {
  const [across, down] = turnToImage(view.orientation, [dx, dy]);
  return { ...view, cx: view.cx - across / view.zoom, cy: view.cy - down / (view.zoom * view.aspect) };
}

/** The view with its centre inside the image, so that an image cannot be lost. */
export function keepInImage(view: View, image: ImageFrame): View {
  return {
    ...view,
    cx: Math.min(image.width, Math.max(0, view.cx)),
    cy: Math.min(image.height, Math.max(0, view.cy)),
  };
}

/** CSS pixels per image pixel at which the whole image just fits. */
export function fitZoom(pane: PaneSize, image: ImageFrame, { turns }: Orientation): number {
  const [width, height] = turns % 2 === 0 ? [pane.width, pane.height] : [pane.height, pane.width];
  return Math.min(Math.max(1, width) / image.width, Math.max(1, height) / (image.height * image.aspect));
}

/** From a quarter of the fitting size up to 64 CSS pixels per image pixel. */
export function zoomLimits(pane: PaneSize, image: ImageFrame, orientation: Orientation): ZoomLimits {
  const fit = fitZoom(pane, image, orientation);
  return { min: fit * smallestPartOfFit, max: Math.max(largestZoom, fit) };
}

/** One image pixel on one device pixel. `ratio` is device pixels per CSS pixel. */
export function oneToOne(view: View, ratio: number): View {
  return { ...view, zoom: 1 / ratio };
}

export function toShared(view: View, pane: PaneSize, image: ImageFrame): SharedView {
  const { orientation } = view;
  return {
    x: view.cx / image.width,
    y: view.cy / image.height,
    magnification: view.zoom / fitZoom(pane, image, orientation),
    orientation,
  };
}

export function fromShared(shared: SharedView, pane: PaneSize, image: ImageFrame): View {
  const { orientation } = shared;
  return {
    cx: shared.x * image.width,
    cy: shared.y * image.height,
    zoom: shared.magnification * fitZoom(pane, image, orientation),
    aspect: image.aspect,
    orientation,
  };
}
