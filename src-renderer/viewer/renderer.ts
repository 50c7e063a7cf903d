/** Draws one pane after another in the hidden context, and builds everything again when the context was lost. */
import { Failure } from '#shared/errors.ts';
import type { PaneScene } from './scene.ts';
import { frameOf } from './scene.ts';
import { createBaseLayer } from './gl/base-layer.ts';
import { createColourGridLayer } from './gl/colour-grid-layer.ts';
import { createComparisonLayer } from './gl/comparison-layer.ts';
import { createContext } from './gl/context.ts';
import { screenBox } from './gl/layer.ts';
import type { Surface } from './gl/layer.ts';
import { createLabelsLayer } from './gl/labels-layer.ts';
import { createMapLayer } from './gl/map-layer.ts';
import { createMaskLayer } from './gl/mask-layer.ts';
import { TextureCache } from './gl/textures.ts';
import type { TextureLimits } from './gl/textures.ts';
import type { View } from './view.ts';
import type { WindowLevel } from './window-level.ts';

export interface Picture {
  readonly scene: PaneScene;
  readonly view: View;
  readonly window: WindowLevel;
  readonly curtain?: { readonly picture: Picture; readonly at: number };
}

export interface Renderer {
  /** Draws a pane and hands over the picture, or undefined while the context is lost. Without a picture: black. */
  draw(picture: Picture | undefined, surface: Surface): ImageBitmap | undefined;
  /** Draws a pane and reads it back, top row first. */
  read(picture: Picture | undefined, surface: Surface): ImageData;
  /** Throws a {@link Failure} when an image of the scene is larger than the graphics driver can hold. */
  check(scene: PaneScene): void;
  /** Calls when a lost context is back and all panes have to be drawn again. Gives a function that ends it. */
  onRestored(listener: () => void): () => void;
  /** Deletes the arrays on the graphics card; what is still shown goes there again at its next drawing. */
  clear(): void;
  statistics(): { readonly textures: number; readonly bytes: number };
  dispose(): void;
}

const defaultLimits: TextureLimits = { count: 96, bytes: 256 * 2 ** 20 };

/** Throws `ViewerUnavailable` where there is no WebGL2. */
export function createRenderer(limits: TextureLimits = defaultLimits): Renderer {
  const { canvas, gl } = createContext();
  const largestSide: number = gl.getParameter(gl.MAX_TEXTURE_SIZE);
  const restored = new Set<() => void>();
  let resources = createResources(gl, limits);

  canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
  canvas.addEventListener('webglcontextrestored', () => {
    resources = createResources(gl, limits);
    for (const listener of restored) listener();
  });

  function paint(picture: Picture | undefined, surface: Surface): void {
    if (canvas.width !== surface.width) canvas.width = surface.width;
    if (canvas.height !== surface.height) canvas.height = surface.height;
    gl.viewport(0, 0, surface.width, surface.height);
    gl.disable(gl.BLEND);
    gl.disable(gl.SCISSOR_TEST);
    gl.clearColor(0, 0, 0, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (picture === undefined) return;
    gl.enable(gl.SCISSOR_TEST);
    paintScene(picture, surface, 0);
    if (picture.curtain) paintCurtain(picture.curtain, surface);
    resources.textures.trim();
  }

  function paintCurtain({ picture, at }: NonNullable<Picture['curtain']>, surface: Surface): void {
    const left = Math.round(at * surface.width);
    gl.scissor(left, 0, Math.max(0, surface.width - left), surface.height);
    gl.disable(gl.BLEND);
    gl.clear(gl.COLOR_BUFFER_BIT);
    paintScene(picture, surface, left);
  }

  /** Right of `from`, in device pixels, and only where the image lies: its surroundings are black already. */
  function paintScene({ scene, view, window }: Picture, surface: Surface, from: number): void {
    const drawing = { gl, textures: resources.textures, surface, view, image: frameOf(scene.base) };
    const box = screenBox(drawing);
    const left = Math.max(from, box.left);
    gl.scissor(left, surface.height - box.bottom, Math.max(0, box.right - left), box.bottom - box.top);
    resources.base(drawing, scene.base, window);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    if (scene.colours) resources.colours(drawing, scene.colours);
    if (scene.overlay) resources.map(drawing, scene.overlay);
    if (scene.comparison) resources.comparison(drawing, scene.comparison);
    for (const mask of scene.masks ?? []) resources.mask(drawing, mask);
    if (scene.labels) resources.labels(drawing, scene.labels);
  }

  return {
    draw(picture, surface) {
      if (gl.isContextLost()) return undefined;
      paint(picture, surface);
      return canvas.transferToImageBitmap();
    },
    read(picture, surface) {
      const { width, height } = surface;
      const result = new ImageData(width, height);
      if (gl.isContextLost()) return result;
      paint(picture, surface);
      const rows = new Uint8Array(width * height * 4);
      gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, rows);
      for (let y = 0; y < height; y++) {
        const fromBottom = (height - 1 - y) * width * 4;
        result.data.set(rows.subarray(fromBottom, fromBottom + width * 4), y * width * 4);
      }
      return result;
    },
    check({ base, overlay, masks = [], comparison }) {
      const grids = [base.pixels, ...masks.map(({ mask }) => mask), ...(comparison ? [comparison.mask] : [])];
      const sides = grids.map(({ width, height }) => Math.max(width, height));
      for (const placed of [overlay, comparison]) if (placed) sides.push(placed.map.rows, placed.map.columns);
      const largest = Math.max(...sides);
      if (largest <= largestSide) return;
      throw new Failure(
        'invalid',
        `An image with a side of ${largest} pixels cannot be shown: this graphics driver goes up to ${largestSide}.`,
      );
    },
    onRestored(listener) {
      restored.add(listener);
      return () => restored.delete(listener);
    },
    clear: () => resources.textures.clear(),
    statistics: () => resources.textures.statistics,
    dispose() {
      // The way to free a context at once instead of whenever memory is next collected.
      gl.getExtension('WEBGL_lose_context')?.loseContext();
    },
  };
}

function createResources(gl: WebGL2RenderingContext, limits: TextureLimits) {
  return {
    textures: new TextureCache(gl, limits),
    base: createBaseLayer(gl),
    colours: createColourGridLayer(gl),
    map: createMapLayer(gl),
    mask: createMaskLayer(gl),
    labels: createLabelsLayer(gl),
    comparison: createComparisonLayer(gl),
  };
}
