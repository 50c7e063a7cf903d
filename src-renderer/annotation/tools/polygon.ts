import { fillPolygon, type Point } from '../shapes.ts';
import { commitStroke, noOutline, type Tool, type Workbench } from './tool.ts';

type State =
  | { readonly name: 'idle' }
  /** Corners so far, and where the next one would be. */
  | { readonly name: 'placing'; readonly corners: readonly Point[]; readonly next: Point };

const distance = (a: Point, b: Point) => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Corner by corner; closed with a press on the first corner, a double click or Enter. `near` is in image pixels. */
export function polygonTool(bench: Workbench, near: () => number): Tool {
  let state: State = { name: 'idle' };

  function close(corners: readonly Point[]): void {
    state = { name: 'idle' };
    bench.easel().begin();
    bench.easel().draw((labels) => fillPolygon(labels, bench.pen(), corners));
    commitStroke(bench, 'Polygon');
  }

  return {
    press(point) {
      if (state.name === 'idle') {
        state = { name: 'placing', corners: [point], next: point };
        return;
      }
      const { corners } = state;
      if (corners.length >= 3 && distance(point, corners[0]!) <= near()) return close(corners);
      // The second press of a double click stands where the first did: it places no corner.
      if (distance(point, corners.at(-1)!) <= near() / 4) return;
      state = { name: 'placing', corners: [...corners, point], next: point };
    },
    move(point) {
      if (state.name === 'placing') state = { ...state, next: point };
    },
    release: () => undefined,
    cancel() {
      const wasPlacing = state.name === 'placing';
      state = { name: 'idle' };
      return wasPlacing;
    },
    finish() {
      if (state.name === 'placing' && state.corners.length >= 3) close(state.corners);
    },
    stepBack() {
      if (state.name === 'idle') return false;
      const corners = state.corners.slice(0, -1);
      state = corners.length === 0 ? { name: 'idle' } : { ...state, corners };
      return true;
    },
    outline: () => (state.name === 'placing' ? [...state.corners, state.next] : noOutline),
  };
}
