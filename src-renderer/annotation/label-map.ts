/** Label maps and the rectangles of them that change. Pure. */
import type { Rectangle } from '#shared/annotation.ts';
import type { Mask } from '#shared/arrays.ts';

/** One segment number a pixel, 0 = none; row-major. The one array that is painted on, drawn and stored. */
export interface LabelMap {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The pixels of a rectangle before and after something was done to them. */
export interface Patch {
  readonly rectangle: Rectangle;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

export const emptyLabels = (width: number, height: number): LabelMap => ({
  width,
  height,
  data: new Uint8Array(width * height),
});

/** What any segment covers. */
export const maskOf = ({ width, height, data }: LabelMap): Mask => ({
  width,
  height,
  data: Uint8Array.from(data, (value) => (value === 0 ? 0 : 1)),
});

export const wholeOf = ({ width, height }: LabelMap): Rectangle => ({ x: 0, y: 0, width, height });

/** Copies a rectangle out. */
export function cut({ width, data }: LabelMap, rectangle: Rectangle): Uint8Array {
  const bytes = new Uint8Array(rectangle.width * rectangle.height);
  for (let row = 0; row < rectangle.height; row++) {
    const start = (rectangle.y + row) * width + rectangle.x;
    bytes.set(data.subarray(start, start + rectangle.width), row * rectangle.width);
  }
  return bytes;
}

/** Writes a rectangle back. */
export function paste({ width, data }: LabelMap, rectangle: Rectangle, bytes: Uint8Array): void {
  for (let row = 0; row < rectangle.height; row++) {
    const from = row * rectangle.width;
    data.set(bytes.subarray(from, from + rectangle.width), (rectangle.y + row) * width + rectangle.x);
  }
}

/** The smallest rectangle outside of which both maps are the same; null when they are the same everywhere. */
export function changedRectangle(before: LabelMap, after: LabelMap): Rectangle | null {
  const { width, height } = after;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      if (before.data[i] === after.data[i]) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return bottom < 0 ? null : { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

export function union(a: Rectangle | null, b: Rectangle | null): Rectangle | null {
  if (a === null || b === null) return a ?? b;
  const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
  return {
    x,
    y,
    width: Math.max(a.x + a.width, b.x + b.width) - x,
    height: Math.max(a.y + a.height, b.y + b.height) - y,
  };
}

/** Pixels of each segment, by its number. */
export function segmentSizes({ data }: LabelMap): Map<number, number> {
  const counts = new Uint32Array(256);
  for (const label of data) counts[label]!++;
  const sizes = new Map<number, number>();
  counts.forEach((count, label) => label > 0 && count > 0 && sizes.set(label, count));
  return sizes;
}
