import type { PatchMask, ScoreMap } from './arrays.ts';
import { Failure } from './errors.ts';

/**
 * How raw patch scores (higher = more anomalous, in the unit of their method) are shown: `raw` keeps one scale for all
 * images, so images can be ranked; `minmax` is the scale of the DINO-AD paper, where every image spans 0..1 on its own.
 */
export type ScaleType = 'raw' | 'minmax';

/** Below this spread of scores `minmax` gives 0 everywhere instead of blowing up rounding noise. */
const flatSpread = 1e-7;

function assertSameGrid(map: ScoreMap, mask: PatchMask): void {
  if (map.rows !== mask.rows || map.columns !== mask.columns) {
    throw new Failure(
      'invalid',
      `A map of ${map.rows} x ${map.columns} patches cannot take a mask of ${mask.rows} x ${mask.columns}.`,
    );
  }
}

/** Smallest and largest score over the patches that count; null when none counts. */
export function scoreRange(scores: ScoreMap, counted: PatchMask | null): { min: number; max: number } | null {
  let min = Infinity;
  let max = -Infinity;
  for (let i = 0; i < scores.data.length; i++) {
    if (counted && counted.data[i] === 0) continue;
    const value = scores.data[i]!;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min <= max ? { min, max } : null;
}

/**
 * Anomaly map on the patch grid from raw scores. `raw`: as they are. `minmax`: (s - min) / (max - min) over the counted
 * patches of this image (DINO-AD, section "anomaly map", where s = 1 - mean cosine similarity), 0 everywhere when
 * max - min < 1e-7. Patches that do not count (mask 0) get 0. Not normalised again after a resize.
 */
export function anomalyMap(scores: ScoreMap, counted: PatchMask | null, scale: ScaleType): ScoreMap {
  if (counted) assertSameGrid(scores, counted);
  const { rows, columns } = scores;
  const data = new Float32Array(scores.data.length);
  const range = scale === 'raw' ? { min: 0, max: 1 } : scoreRange(scores, counted);
  if (!range || range.max - range.min < flatSpread) return { rows, columns, data };
  const { min, max } = range;
  for (let i = 0; i < data.length; i++) {
    if (counted && counted.data[i] === 0) continue;
    data[i] = (scores.data[i]! - min) / (max - min);
  }
  return { rows, columns, data };
}

/** Number of patches the image score averages: floor(1 % of all patches), at least one. */
export function topPatchCount(patches: number): number {
  return Math.max(1, Math.floor(0.01 * patches));
}

/**
 * Image score: mean of the floor(1 %) largest patch scores, at least one (AnomalyDINO, section 3).
 * All patches are counted, masked ones with their 0. NaN for a map without patches.
 */
export function imageScore(map: ScoreMap): number {
  const sorted = map.data.slice().sort();
  const count = topPatchCount(sorted.length);
  let sum = 0;
  for (let i = sorted.length - count; i < sorted.length; i++) sum += sorted[i] ?? NaN;
  return sum / count;
}

interface AxisSamples {
  readonly lower: Int32Array;
  readonly upper: Int32Array;
  readonly weight: Float64Array;
}

/** Source indices and weights along one axis: half-pixel centres, clamped to the edge. */
function axisSamples(source: number, target: number): AxisSamples {
  const lower = new Int32Array(target);
  const upper = new Int32Array(target);
  const weight = new Float64Array(target);
  for (let i = 0; i < target; i++) {
    const position = Math.min(Math.max(((i + 0.5) * source) / target - 0.5, 0), source - 1);
    const below = Math.floor(position);
    lower[i] = below;
    upper[i] = Math.min(below + 1, source - 1);
    weight[i] = position - below;
  }
  return { lower, upper, weight };
}

/**
 * Bilinear resize: half-pixel centres, edge clamp, no antialias, no rounding; equal to OpenCV
 * INTER_LINEAR and to torch `align_corners=False`. `rows` and `columns` are those of the result.
 */
export function resizeBilinear(map: ScoreMap, rows: number, columns: number): ScoreMap {
  if (map.rows < 1 || map.columns < 1 || rows < 1 || columns < 1) {
    throw new Failure('invalid', 'A map without rows or columns cannot be resized.');
  }
  const across = axisSamples(map.columns, columns);
  const down = axisSamples(map.rows, rows);
  const stretched = new Float64Array(map.rows * columns);
  for (let row = 0; row < map.rows; row++) {
    const start = row * map.columns;
    for (let x = 0; x < columns; x++) {
      const left = map.data[start + across.lower[x]!]!;
      const right = map.data[start + across.upper[x]!]!;
      stretched[row * columns + x] = left + across.weight[x]! * (right - left);
    }
  }
  const data = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const above = down.lower[y]! * columns;
    const below = down.upper[y]! * columns;
    const weight = down.weight[y]!;
    for (let x = 0; x < columns; x++) {
      const top = stretched[above + x]!;
      data[y * columns + x] = top + weight * (stretched[below + x]! - top);
    }
  }
  return { rows, columns, data };
}
