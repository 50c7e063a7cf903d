/** The most that neighbouring scores of a map differ: no interpolated score changes faster. */
import type { ScoreMap } from '#shared/arrays.ts';

export interface Steepest {
  /** Between neighbouring columns; Infinity beside a missing score. */
  readonly across: number;
  /** Between neighbouring rows. */
  readonly down: number;
}

const known = new WeakMap<ScoreMap, Steepest>();

/** Found once per map, which is held by identity. Bilinear interpolation changes by no more than this over one cell. */
export function steepest(map: ScoreMap): Steepest {
  const before = known.get(map);
  if (before) return before;
  const found = { across: largestStep(map, 1), down: largestStep(map, map.columns) };
  known.set(map, found);
  return found;
}

/** `stride` 1: to the next column; the number of columns: to the next row. */
function largestStep({ columns, data }: ScoreMap, stride: number): number {
  let largest = 0;
  for (let i = 0; i + stride < data.length; i++) {
    if (stride === 1 && (i + 1) % columns === 0) continue;
    const step = Math.abs(data[i + stride]! - data[i]!);
    if (!(step <= largest)) largest = Number.isFinite(step) ? step : Infinity;
  }
  return largest;
}
