/** Compiles what the first pictures need before anybody asks for one. */
import type { Mask, PixelArray, ScoreMap } from '#shared/arrays.ts';
import type { Picture, Renderer } from './renderer.ts';
import type { PaneScene } from './scene.ts';

const grey: PixelArray = { width: 2, height: 2, channels: 1, bits: 8, data: new Uint8Array(4) };
const colour: PixelArray = { width: 2, height: 2, channels: 3, bits: 8, data: new Uint8Array(12) };
const map: ScoreMap = { rows: 2, columns: 2, data: Float32Array.of(0, 0, 0, 1) };
const mask: Mask = { width: 2, height: 2, data: Uint8Array.of(1, 0, 0, 0) };

const scenes: readonly PaneScene[] = [
  { base: { pixels: grey } },
  { base: { pixels: colour } },
  {
    base: { pixels: grey },
    overlay: {
      map,
      colourMap: 'inferno',
      range: { low: 0, high: 1 },
      opacity: 1,
      threshold: 0.5,
      contour: '#ffffff',
    },
    comparison: { map, mask, threshold: 0.5 },
    masks: [{ mask, style: 'outline', colour: '#ffffff' }],
  },
];

/** Drawings to make one by one when there is time: each takes a while without a graphics card. */
export function warmUps(renderer: Renderer): readonly (() => void)[] {
  // Larger and smaller than the image: those are two ways to sample it.
  const zooms = [8, 0.5];
  return scenes.flatMap((scene) =>
    zooms.map((zoom) => () => {
      const view = { cx: 1, cy: 1, zoom, aspect: 1, orientation: { turns: 0, mirrored: false } } as const;
      const picture: Picture = { scene, view, window: { low: 0, high: 255 } };
      renderer.draw(picture, { width: 16, height: 16, ratio: 1 })?.close();
    }),
  );
}
