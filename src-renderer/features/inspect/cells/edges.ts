/** Which letters stand at the edges of a pane. Pure. */
import type { EdgeLetters } from '#shared/acquisition.ts';
import { turnToImage, type Orientation } from '../../../viewer/viewer.ts';

const directions = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] } as const;

/** The letters of an image as it lies on the screen. */
export function lettersOnScreen(edges: EdgeLetters, orientation: Orientation): EdgeLetters {
  const at = (edge: keyof EdgeLetters): string => {
    const [x, y] = turnToImage(orientation, directions[edge]);
    if (x !== 0) return x < 0 ? edges.left : edges.right;
    return y < 0 ? edges.top : edges.bottom;
  };
  return { left: at('left'), right: at('right'), top: at('top'), bottom: at('bottom') };
}
