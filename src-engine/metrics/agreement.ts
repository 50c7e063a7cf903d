import type { ScoreMap } from '#shared/arrays.ts';
import { dice } from './overlap.ts';

/** Pearson's r; null when either side is constant or nothing is there. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  const n = a.length;
  let [meanA, meanB] = [0, 0];
  for (let i = 0; i < n; i++) {
    meanA += a[i]! / n;
    meanB += b[i]! / n;
  }
  let [aa, bb, ab] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, y] = [a[i]! - meanA, b[i]! - meanB];
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : null;
}

/** Ranks from 1, equal values sharing their mean. */
export function midranks(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((i, j) => values[i]! - values[j]!);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length;) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + to + 1) / 2;
    from = to;
  }
  return ranks;
}

/** Spearman's rho; null below three values or when either side is constant. */
export const rankCorrelation = (a: ArrayLike<number>, b: ArrayLike<number>): number | null =>
  a.length < 3 ? null : correlation(midranks(a), midranks(b));

/** Dice of what two maps of one size predict, each at its own threshold; 1 when neither predicts anything. */
export function agreement(a: ScoreMap, cutA: number, b: ScoreMap, cutB: number): number {
  let [both, predicted, truth] = [0, 0, 0];
  for (let i = 0; i < a.data.length; i++) {
    const [x, y] = [a.data[i]! >= cutA ? 1 : 0, b.data[i]! >= cutB ? 1 : 0];
    predicted += x;
    truth += y;
    both += x & y;
  }
  return dice({ truePositives: both, predicted, truth });
}
