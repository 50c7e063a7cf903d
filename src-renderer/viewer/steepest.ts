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
  const { rows, columns } = map;
  const found = {
    across: largestStep(map, 1, rows, columns - 1),
    down: largestStep(map, columns, rows - 1, columns),
  };
  known.set(map, found);
  return found;
}

/** From each score of the first rows and columns to the one `stride` further on. */
function largestStep(
  { columns: width, data }: ScoreMap,
  stride: number,
  rows: number,
  columns: number,
): number {
  let largest = 0;
  for (let row = 0; row < rows; row++) {
    for (let i = row * width; i < row * width + columns; i++) {
      const step = Math.abs(data[i + stride]! - data[i]!);
      if (!(step <= largest)) largest = Number.isFinite(step) ? step : Infinity;
    }
  }
  return largest;
}
