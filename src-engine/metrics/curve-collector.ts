import type { CurvePoint } from '#shared/evaluation.ts';

/** A curve of millions of steps is kept where it moves by this much: closer than a line on a screen is wide. */
const spacing = 1 / 500;

/**
 * Keeps the points of a curve that a picture of it needs. Points left out lie less than 1/500 (in x and y together)
 * from one that is kept; the first and the last are always kept.
 */
export function curveCollector(start: CurvePoint) {
  const points: CurvePoint[] = [start];
  let [lastX, lastY] = start;
  /** The latest point that was left out: a straight run ends there, not a step before. */
  let skipped: CurvePoint | null = null;
  return {
    add(x: number, y: number, threshold: number | null): void {
      if (Math.abs(x - lastX) + Math.abs(y - lastY) < spacing) {
        skipped = [x, y, threshold];
        return;
      }
      if (skipped) points.push(skipped);
      skipped = null;
      points.push([x, y, threshold]);
      [lastX, lastY] = [x, y];
    },
    end(x: number, y: number, threshold: number | null): CurvePoint[] {
      const last = points.at(-1)!;
      if (last[0] !== x || last[1] !== y) points.push([x, y, threshold]);
      return points;
    },
  };
}
