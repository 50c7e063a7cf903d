import { onScopeDispose } from 'vue';
import { createViewer, ViewerUnavailable, type Viewer } from '../../viewer/viewer.ts';

/** A viewer for as long as the calling component lives; null where the window has no WebGL2. */
export function useViewer(): Viewer | null {
  try {
    const viewer = createViewer();
    onScopeDispose(() => viewer.dispose());
    return viewer;
  } catch (error) {
    if (error instanceof ViewerUnavailable) return null;
    throw error;
  }
}
