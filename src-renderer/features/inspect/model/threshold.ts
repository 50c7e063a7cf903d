/** Where the anomaly map begins to show: raw values against percentiles of the patches that count. */
import type { PatchMask, ScoreMap } from '#shared/arrays.ts';

/** Share of the foreground left below the threshold when no evaluation says better. */
export const defaultPercentile = 98;

/** Values of the foreground patches, ascending. */
export function sortedForeground(map: ScoreMap, foreground: PatchMask): Float32Array {
  const kept = map.data.filter((value, i) => foreground.data[i] === 1 && Number.isFinite(value));
  return kept.sort();
}

/** Value at a percentile (0..100), linear between neighbours; null for an empty foreground. */
export function valueAtPercentile(sorted: Float32Array, percentile: number): number | null {
  if (sorted.length === 0) return null;
  const at = (Math.max(0, Math.min(100, percentile)) / 100) * (sorted.length - 1);
  const below = Math.floor(at);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (at - below) * (high - low);
}

/** Inverse of `valueAtPercentile`: 0 below the smallest value, 100 above the largest; null for an empty foreground. */
export function percentileOf(sorted: Float32Array, value: number): number | null {
  const last = sorted.length - 1;
  if (last < 0) return null;
  if (value >= sorted[last]!) return 100;
  if (value <= sorted[0]!) return 0;
  // Invariant: sorted[low] <= value < sorted[high].
  let low = 0;
  let high = last;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! <= value) low = middle;
    else high = middle;
  }
  const span = sorted[high]! - sorted[low]!;
  return ((low + (value - sorted[low]!) / span) / last) * 100;
}

export interface Range {
  readonly low: number;
  readonly high: number;
}

/** Smallest range that holds both; what a slider and a colour bar need so that neither end is cut. */
export const union = (a: Range, b: Range): Range => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
});
