/**
 * Figures of a ranking: how well scores separate positives from negatives. Predicted positive means
 * score >= threshold; equal scores are one step of every curve, so ties are exact.
 */

type Scores = Float32Array | Float64Array;

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

/** Positives and negatives in order, as far as curves need it: negatives are only counted. */
export interface Ranking {
  readonly positives: number;
  readonly negatives: number;
  /** Visits the distinct scores of the positives from the highest down. */
  forEachStep(visit: (step: RankingStep) => void): void;
}

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

/** The ranking of scores that ascend. */
export function rankingOfSorted(positives: Scores, negatives: Scores): Ranking {
  return {
    positives: positives.length,
    negatives: negatives.length,
    forEachStep(visit) {
      let [to, rest] = [positives.length, negatives.length];
      while (to > 0) {
        const score = positives[to - 1]!;
        let from = to - 1;
        while (from > 0 && positives[from - 1] === score) from--;
        while (rest > 0 && negatives[rest - 1]! > score) rest--;
        const negativesAbove = negatives.length - rest;
        while (rest > 0 && negatives[rest - 1] === score) rest--;
        visit({ score, from, to, negativesAbove, negativesAtOrAbove: negatives.length - rest });
        to = from;
      }
    },
  };
}

/** Null when there is no positive or no negative, where a ranking means nothing. */
export function rankingFigures(ranking: Ranking): RankingFigures | null {
  const { positives, negatives } = ranking;
  if (positives === 0 || negatives === 0) return null;
  let pairsWon = 0;
  let ap = 0;
  let trapezoid = 0;
  let f1Max = 0;
  let f1Threshold = NaN;
  ranking.forEachStep(({ score, from, to, negativesAbove, negativesAtOrAbove }) => {
    const here = to - from;
    const truePositives = positives - from;
    const tied = negativesAtOrAbove - negativesAbove;
    pairsWon += here * (negatives - negativesAtOrAbove) + (here * tied) / 2;
    const precision = truePositives / (truePositives + negativesAtOrAbove);
    ap += here * precision;
    // Negatives between two steps lower the precision at the same recall: the line starts from there.
    const predictedAbove = truePositives - here + negativesAbove;
    const precisionAbove = predictedAbove === 0 ? 1 : (truePositives - here) / predictedAbove;
    trapezoid += (here * (precisionAbove + precision)) / 2;
    const f1 = (2 * truePositives) / (truePositives + negativesAtOrAbove + positives);
    if (f1 > f1Max) [f1Max, f1Threshold] = [f1, score];
  });
  return {
    auroc: pairsWon / (positives * negatives),
    ap: ap / positives,
    auprcTrapezoid: trapezoid / positives,
    f1Max,
    f1Threshold,
  };
}

/** Scores with their labels (0 normal, else abnormal) as a ranking. */
export function rankingOf(scores: ArrayLike<number>, labels: ArrayLike<number>): Ranking {
  const positives: number[] = [];
  const negatives: number[] = [];
  for (let i = 0; i < scores.length; i++) (labels[i] ? positives : negatives).push(scores[i]!);
  return rankingOfSorted(Float64Array.from(positives).sort(), Float64Array.from(negatives).sort());
}

/** Figures of image scores with their labels (0 normal, else abnormal); null unless both kinds occur. */
export const imageRanking = (scores: ArrayLike<number>, labels: ArrayLike<number>): RankingFigures | null =>
  rankingFigures(rankingOf(scores, labels));

/**
 * Sensitivity at fixed false positive rates: the largest share of positives found by a threshold whose
 * share of negatives at or above it is at most the rate. Nothing is interpolated. Null without both kinds.
 */
export function sensitivityAt(ranking: Ranking, rates: readonly number[]): (number | null)[] {
  const { positives, negatives } = ranking;
  if (positives === 0 || negatives === 0) return rates.map(() => null);
  const reached = rates.map(() => 0);
  ranking.forEachStep(({ from, negativesAtOrAbove }) => {
    for (const [i, rate] of rates.entries()) {
      if (negativesAtOrAbove <= rate * negatives) reached[i] = (positives - from) / positives;
    }
  });
  return reached;
}
