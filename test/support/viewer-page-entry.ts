/** What tests call inside the page: the viewer's public door and a few helpers to lay out panes and read them. */
import { createRenderer, createViewer as createViewerWith } from '../../src-renderer/viewer/viewer.ts';
import type { PaneHandle, PaneOptions, PaneScene, Viewer } from '../../src-renderer/viewer/viewer.ts';

export * from '../../src-renderer/viewer/viewer.ts';

export interface MountedPane {
  readonly canvas: HTMLCanvasElement;
  readonly handle: PaneHandle;
}

/** A viewer with a renderer of its own, which goes with it. */
export function createViewer(...limits: Parameters<typeof createRenderer>): Viewer {
  const renderer = createRenderer(...limits);
  const viewer = createViewerWith(renderer);
  return {
    ...viewer,
    dispose() {
      viewer.dispose();
      renderer.dispose();
    },
  };
}

/** What the policy refused since the page was opened. */
export const violations: string[] = [];
document.addEventListener('securitypolicyviolation', (event) => violations.push(event.violatedDirective));

/** A pane of the given size in CSS pixels, from the top left of the page. */
export async function mountPane(
  viewer: Viewer,
  { left = 0, top = 0, width, height }: { left?: number; top?: number; width: number; height: number },
  options: PaneOptions = { profile: 'industrial' },
): Promise<MountedPane> {
  const box = document.createElement('div');
  Object.assign(box.style, {
    position: 'absolute',
    left: `${left}px`,
    top: `${top}px`,
    width: `${width}px`,
    height: `${height}px`,
  });
  const canvas = document.createElement('canvas');
  box.append(canvas);
  document.body.append(box);
  const handle = viewer.attachPane(canvas, options);
  await nextFrames();
  return { canvas, handle };
}

/** Resolves after what was asked for has been drawn. */
export function nextFrames(): Promise<void> {
  return new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(() => resolve()));
  });
}

/** Centres all panes on an image point at an absolute zoom, reckoned for this pane. */
export function lookAt(viewer: Viewer, pane: PaneHandle, x: number, y: number, zoom: number): void {
  viewer.fit();
  const { cx, cy, zoom: fitting } = pane.view()!;
  viewer.view.set({
    ...viewer.view.get(),
    x: (x / cx) * 0.5,
    y: (y / cy) * 0.5,
    magnification: zoom / fitting,
  });
}

/** Draws one scene at one CSS pixel per image pixel, so that device pixel i is image pixel i. */
export async function drawPixelForPixel(scene: PaneScene): Promise<ImageData> {
  const viewer = createViewer();
  const { width, height } = scene.base.pixels;
  const { handle } = await mountPane(viewer, { width, height });
  handle.setScene(scene);
  const picture = handle.readPixels();
  viewer.dispose();
  return picture;
}

/** The red, green and blue of a device pixel. */
export function colourAt(picture: ImageData, x: number, y: number): [number, number, number] {
  const at = (Math.floor(y) * picture.width + Math.floor(x)) * 4;
  return [picture.data[at]!, picture.data[at + 1]!, picture.data[at + 2]!];
}

/** First and one past the last device pixel of a row (or column) whose colour satisfies the test. */
export function extent(
  picture: ImageData,
  along: 'row' | 'column',
  at: number,
  matches: (colour: [number, number, number]) => boolean,
): [first: number, end: number] {
  const length = along === 'row' ? picture.width : picture.height;
  const hits = Array.from({ length }, (_, i) => i).filter((i) =>
    matches(along === 'row' ? colourAt(picture, i, at) : colourAt(picture, at, i)),
  );
  return [hits[0] ?? -1, (hits.at(-1) ?? -2) + 1];
}
