/**
 * Figures of a ranking: how well scores separate positives from negatives. Predicted positive means
 * score >= threshold; equal scores are one step of every curve, so ties are exact.
 */

type Scores = Float32Array | Float64Array;

export interface RankingFigures {
  /** Area under the ROC curve. */
  readonly auroc: number;
  /** Average precision: sum of recall steps times precision, no interpolation. */
  readonly ap: number;
  /** Area under the precision-recall points joined by straight lines, from recall 0, precision 1. */
  readonly auprcTrapezoid: number;
  readonly f1Max: number;
  /** The largest threshold that reaches f1Max. */
  readonly f1Threshold: number;
}

/** One step down the scores, at a score some positive has. */
export interface RankingStep {
  readonly score: number;
  /** Positives with exactly this score: indices `from` to `to` (exclusive) of the ascending positives. */
  readonly from: number;
  readonly to: number;
  /** Negatives above this score, and at or above it. */
  readonly negativesAbove: number;
  readonly negativesAtOrAbove: number;
}

/** First index in ascending `values[0, end)` whose value is >= (or, `after`, >) `score`; searched from the end. */
function searchDown(values: Scores, end: number, score: number, after: boolean): number {
  const isAbove = (value: number): boolean => (after ? value > score : value >= score);
  let high = end;
  let width = 1;
  while (high - width >= 0 && isAbove(values[high - width]!)) {
    high -= width;
    width *= 2;
  }
  let low = Math.max(high - width, -1);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isAbove(values[middle]!)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Walks the distinct scores of the positives from the highest down. The positives ascend; the
 * negatives come in any number of runs that ascend each.
 */
export function forEachStep(
  positives: Scores,
  negativeRuns: readonly Scores[],
  visit: (step: RankingStep) => void,
): void {
  const ends = Int32Array.from(negativeRuns, (run) => run.length);
  let to = positives.length;
  let negativesAtOrAbove = 0;
  while (to > 0) {
    const score = positives[to - 1]!;
    let from = to - 1;
    while (from > 0 && positives[from - 1] === score) from--;
    let negativesAbove = negativesAtOrAbove;
    for (const [r, run] of negativeRuns.entries()) {
      const end = ends[r]!;
      const above = searchDown(run, end, score, true);
      const atOrAbove = searchDown(run, above, score, false);
      negativesAbove += end - above;
      negativesAtOrAbove += end - atOrAbove;
      ends[r] = atOrAbove;
    }
    visit({ score, from, to, negativesAbove, negativesAtOrAbove });
    to = from;
  }
}

export const totalLength = (runs: readonly Scores[]): number =>
  runs.reduce((sum, run) => sum + run.length, 0);

/**
 * Figures of sorted scores (see `forEachStep`); null when there is no positive or no negative, where a
 * ranking means nothing.
 */
export function rankingOfSorted(positives: Scores, negativeRuns: readonly Scores[]): RankingFigures | null {
  const positiveCount = positives.length;
  const negativeCount = totalLength(negativeRuns);
  if (positiveCount === 0 || negativeCount === 0) return null;
  let pairsWon = 0;
  let ap = 0;
  let trapezoid = 0;
  let f1Max = 0;
  let f1Threshold = NaN;
  forEachStep(positives, negativeRuns, ({ score, from, to, negativesAbove, negativesAtOrAbove }) => {
    const here = to - from;
    const truePositives = positiveCount - from;
    const tied = negativesAtOrAbove - negativesAbove;
    pairsWon += here * (negativeCount - negativesAtOrAbove) + (here * tied) / 2;
    const precision = truePositives / (truePositives + negativesAtOrAbove);
    ap += here * precision;
    // Negatives between two steps lower the precision at the same recall: the line starts from there.
    const predictedAbove = truePositives - here + negativesAbove;
    const precisionAbove = predictedAbove === 0 ? 1 : (truePositives - here) / predictedAbove;
    trapezoid += (here * (precisionAbove + precision)) / 2;
    const f1 = (2 * truePositives) / (truePositives + negativesAtOrAbove + positiveCount);
    if (f1 > f1Max) [f1Max, f1Threshold] = [f1, score];
  });
  return {
    auroc: pairsWon / (positiveCount * negativeCount),
    ap: ap / positiveCount,
    auprcTrapezoid: trapezoid / positiveCount,
    f1Max,
    f1Threshold,
  };
}

/** Figures of image scores with their labels (0 normal, else abnormal); null unless both kinds occur. */
export function imageRanking(scores: ArrayLike<number>, labels: ArrayLike<number>): RankingFigures | null {
  const positives: number[] = [];
  const negatives: number[] = [];
  for (let i = 0; i < scores.length; i++) (labels[i] ? positives : negatives).push(scores[i]!);
  return rankingOfSorted(Float64Array.from(positives).sort(), [Float64Array.from(negatives).sort()]);
}
