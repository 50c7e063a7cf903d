/** What lies under a point of the image, read from the arrays and never from the screen. Pure. */
import type { Mask, PixelArray } from '#shared/arrays.ts';
import type { PlacedMap } from './scene.ts';
import type { PixelPoint } from './view.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The stored samples of the pixel at a point (one for grey, three for RGB), or undefined outside the image. */
export function pixelAt(pixels: PixelArray, point: PixelPoint): readonly number[] | undefined {
  const index = pixelIndex(pixels, point);
  if (index === undefined) return undefined;
  return Array.from(pixels.data.subarray(index * pixels.channels, (index + 1) * pixels.channels));
}

/** Whether a point lies in the mask. */
export function isMasked(mask: Mask, point: PixelPoint): boolean {
  const index = pixelIndex(mask, point);
  return index !== undefined && mask.data[index] !== 0;
}

/**
 * The score at a point of an image of the given size by the rule of the shader: bilinear between patch centres,
 * constant beyond the outermost ones. Undefined outside image and map, and where there is no score (NaN).
 */
export function scoreAt(placed: PlacedMap, image: Size, point: PixelPoint): number | undefined {
  if (pixelIndex(image, point) === undefined) return undefined;
  const { map, sampling } = placed;
  const grid = gridPoint(placed, image, point);
  if (grid === undefined) return undefined;
  const at = (row: number, column: number) =>
    map.data[clampIndex(row, map.rows) * map.columns + clampIndex(column, map.columns)]!;
  const score =
    sampling === 'patches'
      ? at(Math.floor(grid.row), Math.floor(grid.column))
      : bilinear(at, grid.row - 0.5, grid.column - 0.5);
  return Number.isFinite(score) ? score : undefined;
}

/** The patch of the map's grid under a point, or undefined outside the map. */
export function patchAt(
  placed: PlacedMap,
  image: Size,
  point: PixelPoint,
): { readonly row: number; readonly column: number } | undefined {
  const grid = gridPoint(placed, image, point);
  return grid && { row: Math.floor(grid.row), column: Math.floor(grid.column) };
}

/** A point in the map's grid, where patch `i` covers `[i, i + 1)`; undefined outside the grid. */
function gridPoint({ map, covers }: PlacedMap, image: Size, point: PixelPoint) {
  const { x, y, width, height } = covers ?? { x: 0, y: 0, ...image };
  const column = ((point[0] - x) / width) * map.columns;
  const row = ((point[1] - y) / height) * map.rows;
  const inside = column >= 0 && column < map.columns && row >= 0 && row < map.rows;
  return inside ? { row, column } : undefined;
}

function bilinear(at: (row: number, column: number) => number, row: number, column: number): number {
  const top = Math.floor(row);
  const left = Math.floor(column);
  const down = row - top;
  const right = column - left;
  const above = at(top, left) * (1 - right) + at(top, left + 1) * right;
  const below = at(top + 1, left) * (1 - right) + at(top + 1, left + 1) * right;
  return above * (1 - down) + below * down;
}

function clampIndex(index: number, count: number): number {
  return Math.min(count - 1, Math.max(0, index));
}

function pixelIndex({ width, height }: Size, [x, y]: PixelPoint): number | undefined {
  return x >= 0 && y >= 0 && x < width && y < height ? Math.floor(y) * width + Math.floor(x) : undefined;
}
