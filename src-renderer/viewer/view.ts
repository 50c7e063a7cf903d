/**
 * Where an image lies in a pane. Pure.
 *
 * Image pixel `i` covers `[i, i + 1)`, so its centre is `i + 0.5`. Screen points are CSS pixels from the
 * top left corner of the pane.
 */

export type PixelPoint = readonly [x: number, y: number] & { readonly space?: 'pixel' };
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

/** What one pane shows: the image point at its centre and the scale. */
export interface View {
  readonly cx: number;
  readonly cy: number;
  /** CSS pixels per image pixel along a row; along a column it is `zoom * aspect`. */
  readonly zoom: number;
  readonly aspect: number;
}

/**
 * What linked panes have in common, whatever the sizes of their images: the centre as a fraction of the
 * image, and the scale relative to the one at which the whole image fits the pane.
 */
export interface SharedView {
  readonly x: number;
  readonly y: number;
  readonly magnification: number;
}

export interface ZoomLimits {
  readonly min: number;
  readonly max: number;
}

/** The whole image, in the middle. */
export const wholeImage: SharedView = { x: 0.5, y: 0.5, magnification: 1 };

const largestZoom = 64;
const smallestPartOfFit = 0.25;

export function screenToImage(view: View, pane: PaneSize, [x, y]: ScreenPoint): PixelPoint {
  return [
    (x - pane.width / 2) / view.zoom + view.cx,
    (y - pane.height / 2) / (view.zoom * view.aspect) + view.cy,
  ];
}

export function imageToScreen(view: View, pane: PaneSize, [x, y]: PixelPoint): ScreenPoint {
  return [
    (x - view.cx) * view.zoom + pane.width / 2,
    (y - view.cy) * view.zoom * view.aspect + pane.height / 2,
  ];
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
  return { ...view, cx: view.cx - dx / view.zoom, cy: view.cy - dy / (view.zoom * view.aspect) };
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
export function fitZoom(pane: PaneSize, image: ImageFrame): number {
  return Math.min(
    Math.max(1, pane.width) / image.width,
    Math.max(1, pane.height) / (image.height * image.aspect),
  );
}

/** From a quarter of the fitting size up to 64 CSS pixels per image pixel. */
export function zoomLimits(pane: PaneSize, image: ImageFrame): ZoomLimits {
  const fit = fitZoom(pane, image);
  return { min: fit * smallestPartOfFit, max: Math.max(largestZoom, fit) };
}

/** One image pixel on one device pixel. `ratio` is device pixels per CSS pixel. */
export function oneToOne(view: View, ratio: number): View {
  return { ...view, zoom: 1 / ratio };
}

export function toShared(view: View, pane: PaneSize, image: ImageFrame): SharedView {
  return {
    x: view.cx / image.width,
    y: view.cy / image.height,
    magnification: view.zoom / fitZoom(pane, image),
  };
}

export function fromShared(shared: SharedView, pane: PaneSize, image: ImageFrame): View {
  return {
    cx: shared.x * image.width,
    cy: shared.y * image.height,
    zoom: shared.magnification * fitZoom(pane, image),
    aspect: image.aspect,
  };
}
