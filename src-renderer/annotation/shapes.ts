/**
 * Shapes on a label map. A pixel belongs to a shape when its centre does, as the metrics count pixels. Each function
 * writes with a pen and returns the rectangle it may have changed, null when the shape lies outside. Pure.
 */
import type { Rectangle } from '#shared/annotation.ts';
import type { LabelMap } from './label-map.ts';
import { write, type Pen } from './pen.ts';

/** In image pixels; pixel `i` covers `[i, i + 1)`. */
export type Point = readonly [x: number, y: number];

/** Pixels whose centres lie in `[left, right] x [top, bottom]`, inside the map. */
function pixelsWithin(
  { width, height }: LabelMap,
  left: number,
  top: number,
  right: number,
  bottom: number,
): Rectangle | null {
  const x = Math.max(0, Math.ceil(left - 0.5));
  const y = Math.max(0, Math.ceil(top - 0.5));
  const endX = Math.min(width, Math.floor(right - 0.5) + 1);
  const endY = Math.min(height, Math.floor(bottom - 0.5) + 1);
  return endX > x && endY > y ? { x, y, width: endX - x, height: endY - y } : null;
}

/** All points within `radius` of the line from `a` to `b`: what a round brush leaves between two pointer positions. */
export function fillCapsule(map: LabelMap, pen: Pen, a: Point, b: Point, radius: number): Rectangle | null {
  // A brush always marks the pixel it stands on, however small it is.
  const reach = Math.max(radius, Math.SQRT1_2);
  const box = pixelsWithin(
    map,
    Math.min(a[0], b[0]) - reach,
    Math.min(a[1], b[1]) - reach,
    Math.max(a[0], b[0]) + reach,
    Math.max(a[1], b[1]) + reach,
  );
  if (box === null) return null;
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const length = dx * dx + dy * dy;
  for (let y = box.y; y < box.y + box.height; y++) {
    for (let x = box.x; x < box.x + box.width; x++) {
      const [px, py] = [x + 0.5 - a[0], y + 0.5 - a[1]];
      const along = length === 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / length));
      const [ex, ey] = [px - along * dx, py - along * dy];
      if (ex * ex + ey * ey <= reach * reach) write(map, y * map.width + x, pen);
    }
  }
  return box;
}

/** The inside of a closed outline, even-odd: crossing lines leave a hole. */
export function fillPolygon(map: LabelMap, pen: Pen, outline: readonly Point[]): Rectangle | null {
  if (outline.length < 3) return null;
  const xs = outline.map(([x]) => x);
  const ys = outline.map(([, y]) => y);
  const box = pixelsWithin(map, Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys));
  if (box === null) return null;
  for (let y = box.y; y < box.y + box.height; y++) {
    const crossings = crossingsAt(outline, y + 0.5);
    for (let i = 0; i + 1 < crossings.length; i += 2) {
      const start = Math.max(0, Math.ceil(crossings[i]! - 0.5));
      const end = Math.min(map.width, Math.ceil(crossings[i + 1]! - 0.5));
      for (let x = start; x < end; x++) write(map, y * map.width + x, pen);
    }
  }
  return box;
}

/** Where a horizontal line meets an outline, from the left. A corner on the line counts for the edge below it alone. */
function crossingsAt(outline: readonly Point[], y: number): number[] {
  const crossings: number[] = [];
  outline.forEach(([x1, y1], i) => {
    const [x2, y2] = outline[(i + 1) % outline.length]!;
    if (y1 <= y !== y2 <= y) crossings.push(x1 + ((y - y1) / (y2 - y1)) * (x2 - x1));
  });
  return crossings.sort((a, b) => a - b);
}
