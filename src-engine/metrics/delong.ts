import { midranks } from './agreement.ts';
import { twoSidedP } from './normal-distribution.ts';

export interface DeLongTest {
  readonly aurocs: readonly [number, number];
  /** Of the first, of the second, and their covariance. */
  readonly variances: readonly [number, number];
  readonly covariance: number;
  /** Null when the difference has no variance: the two rank alike. */
  readonly z: number | null;
  readonly p: number | null;
}

/** Structural components: of each positive the share of negatives it beats, of each negative the share that beats it. */
function components(positives: readonly number[], negatives: readonly number[]) {
  const all = midranks([...positives, ...negatives]);
  const own = { positives: midranks(positives), negatives: midranks(negatives) };
  const [m, n] = [positives.length, negatives.length];
  return {
    positives: own.positives.map((rank, i) => (all[i]! - rank) / n),
    negatives: own.negatives.map((rank, j) => 1 - (all[m + j]! - rank) / m),
  };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function covariance(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  return a.reduce((sum, value, i) => sum + (value - meanA) * (b[i]! - meanB), 0) / (a.length - 1);
}

/**
 * Whether two AUROCs of the same cases differ (DeLong, DeLong and Clarke-Pearson 1988; midranks of Sun and Xu 2014).
 * Cases count as independent: with several images a patient the paired bootstrap by patient is the honest test.
 * Null with fewer than two positives or negatives.
 */
export function deLongTest(
  first: readonly number[],
  second: readonly number[],
  labels: readonly number[],
): DeLongTest | null {
  const of = (scores: readonly number[], positive: boolean) =>
    scores.filter((_, i) => (labels[i] !== 0) === positive);
  const [m, n] = [of(first, true).length, of(first, false).length];
  if (m < 2 || n < 2) return null;
  const a = components(of(first, true), of(first, false));
  const b = components(of(second, true), of(second, false));
  const spread = (x: typeof a, y: typeof a) =>
    covariance(x.positives, y.positives) / m + covariance(x.negatives, y.negatives) / n;
  const [varianceA, varianceB, shared] = [spread(a, a), spread(b, b), spread(a, b)];
  const aurocs = [mean(a.positives), mean(b.positives)] as const;
  const variance = varianceA + varianceB - 2 * shared;
  const z = variance > 1e-15 ? (aurocs[0] - aurocs[1]) / Math.sqrt(variance) : null;
  return {
    aurocs,
    variances: [varianceA, varianceB],
    covariance: shared,
    z,
    p: z === null ? null : twoSidedP(z),
  };
}
