import type { PixelArray } from '#shared/arrays.ts';
import { floodFill } from '../regions.ts';
import { commitStroke, toolDefaults, type Tool, type Workbench } from './tool.ts';

/** Fills what hangs together with the pixel pressed on. `tolerance` is in the values of the pixels. */
export function fillTool(bench: Workbench, pixels: () => PixelArray, tolerance: () => number): Tool {
  return {
    ...toolDefaults,
    press(point) {
      bench.easel().begin();
      bench.easel().draw((labels) => floodFill(labels, pixels(), bench.pen(), point, tolerance()));
      commitStroke(bench, 'Flood fill');
    },
    move: () => undefined,
    release: () => undefined,
    cancel: () => false,
  };
}
