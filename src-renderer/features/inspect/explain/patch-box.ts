/** Where patches lie in an image. Pure. */
import type { PixelPoint } from '../../../viewer/viewer.ts';

interface Grid {
  readonly rows: number;
  readonly columns: number;
}
interface Size {
  readonly width: number;
  readonly height: number;
}

/** Corners of a patch of a grid over the whole image, clockwise from the top left. */
export function patchCorners(
  { rows, columns }: Grid,
  { width, height }: Size,
  { row, column }: { readonly row: number; readonly column: number },
): readonly [PixelPoint, PixelPoint, PixelPoint, PixelPoint] {
  const [left, right] = [(column * width) / columns, ((column + 1) * width) / columns];
  const [top, bottom] = [(row * height) / rows, ((row + 1) * height) / rows];
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
