import { onScopeDispose } from 'vue';
import {
  createRenderer,
  createViewer,
  ViewerUnavailable,
  warmUps,
  type Renderer,
  type Viewer,
} from '../../viewer/viewer.ts';

/** One for the whole window: a view that opens again finds its shaders compiled. */
let renderer: Renderer | null | undefined;

/** Null where the window has no WebGL2. */
function sharedRenderer(): Renderer | null {
  try {
    renderer ??= createRenderer();
  } catch (error) {
    if (!(error instanceof ViewerUnavailable)) throw error;
    renderer = null;
  }
  return renderer;
}

/** A viewer for as long as the calling component lives; null where the window has no WebGL2. */
export function useViewer(): Viewer | null {
  const shared = sharedRenderer();
  if (shared === null) return null;
  const viewer = createViewer(shared);
  onScopeDispose(() => viewer.dispose());
  return viewer;
}

/** Prepares for the first picture while nobody waits for anything. */
export function prepareViewer(): void {
  const shared = sharedRenderer();
  const left = shared === null ? [] : [...warmUps(shared)];
  const next = () => {
    left.shift()?.();
    if (left.length > 0) requestIdleCallback(next);
    else shared?.clear();
  };
  requestIdleCallback(next);
}
