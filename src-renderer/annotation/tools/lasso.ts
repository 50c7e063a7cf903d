import { fillPolygon, type Point } from '../shapes.ts';
import { commitStroke, noOutline, toolDefaults, type Tool, type Workbench } from './tool.ts';

type State = { readonly name: 'idle' } | { readonly name: 'drawing'; readonly outline: readonly Point[] };

/** Points closer than this to the last one say nothing new. Image pixels. */
const nearest = 0.25;

/** Fills what a freehand line encloses. */
export function lassoTool(bench: Workbench): Tool {
  let state: State = { name: 'idle' };

  return {
    ...toolDefaults,
    press(point) {
      state = { name: 'drawing', outline: [point] };
    },
    move(point) {
      if (state.name === 'idle') return;
      const last = state.outline.at(-1);
      if (last && Math.hypot(point[0] - last[0], point[1] - last[1]) < nearest) return;
      state = { name: 'drawing', outline: [...state.outline, point] };
    },
    release() {
      if (state.name === 'idle') return;
      const { outline } = state;
      state = { name: 'idle' };
      bench.easel().begin();
      bench.easel().draw((labels) => fillPolygon(labels, bench.pen(), outline));
      commitStroke(bench, 'Lasso');
    },
    cancel() {
      const wasDrawing = state.name === 'drawing';
      state = { name: 'idle' };
      return wasDrawing;
    },
    outline: () => (state.name === 'drawing' ? state.outline : noOutline),
  };
}
