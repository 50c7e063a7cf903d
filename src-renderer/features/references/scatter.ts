/** Places of the images on the embedding map, and what a lasso catches. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Brings points (x, y, x, y, ...) into a box with a margin, one scale for both axes, so that distances stay true. */
export function fitPoints(
  points: readonly number[],
  width: number,
  height: number,
  margin: number,
): readonly Point[] {
  const xs = points.filter((_, i) => i % 2 === 0);
  const ys = points.filter((_, i) => i % 2 === 1);
  const range = (values: readonly number[]) => {
    const low = values.reduce((a, b) => Math.min(a, b), Infinity);
    const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
    return { middle: (low + high) / 2, spread: high - low };
  };
  const [x, y] = [range(xs), range(ys)];
  const scale = Math.min(
    (width - 2 * margin) / Math.max(x.spread, Number.MIN_VALUE),
    (height - 2 * margin) / Math.max(y.spread, Number.MIN_VALUE),
  );
  const used = Number.isFinite(scale) ? scale : 1;
  // Up is up: the plane's y axis points against the screen's.
  return xs.map((value, i) => ({
    x: width / 2 + (value - x.middle) * used,
    y: height / 2 - (ys[i]! - y.middle) * used,
  }));
}

/** Whether a point lies in a polygon (even-odd rule). */
export function isInside({ x, y }: Point, polygon: readonly Point[]): boolean {
  let inside = false;
  for (const [i, a] of polygon.entries()) {
    const b = polygon.at(i - 1)!;
    if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) inside = !inside;
  }
  return inside;
}

/** The point within `reach` pixels that is nearest, as its index. */
export function nearestPoint(points: readonly Point[], at: Point, reach: number): number | undefined {
  let found: number | undefined;
  let best = reach * reach;
  for (const [index, { x, y }] of points.entries()) {
    const squared = (x - at.x) ** 2 + (y - at.y) ** 2;
    if (squared > best) continue;
    best = squared;
    found = index;
  }
  return found;
}
