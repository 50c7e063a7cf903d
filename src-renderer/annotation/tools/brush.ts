import { fillCapsule, type Point } from '../shapes.ts';
import { commitStroke, toolDefaults, type Tool, type Workbench } from './tool.ts';

type State =
  | { readonly name: 'idle' }
  /** Pressed, and not moved yet. */
  | { readonly name: 'pointing'; readonly at: Point }
  | { readonly name: 'painting'; readonly last: Point };

/** A round brush, or with an erasing pen an eraser: one stroke from press to release. */
export function brushTool(bench: Workbench, title: string, radius: () => number): Tool {
  let state: State = { name: 'idle' };
  const stamp = (from: Point, to: Point): void =>
    bench.easel().draw((labels) => fillCapsule(labels, bench.pen(), from, to, radius()));

  return {
    ...toolDefaults,
    press(point) {
      bench.easel().begin();
      stamp(point, point);
      state = { name: 'pointing', at: point };
    },
    move(point) {
      if (state.name === 'idle') return;
      stamp(state.name === 'pointing' ? state.at : state.last, point);
      state = { name: 'painting', last: point };
    },
    release() {
      if (state.name === 'idle') return;
      state = { name: 'idle' };
      commitStroke(bench, title);
    },
    cancel() {
      if (state.name === 'idle') return false;
      state = { name: 'idle' };
      bench.easel().rollback();
      return true;
    },
  };
}
