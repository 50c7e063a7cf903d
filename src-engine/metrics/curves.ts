import type { CurvePoint } from '#shared/evaluation.ts';
import { curveCollector } from './curve-collector.ts';
import type { Ranking } from './ranking.ts';

/** ROC: false positive rate, sensitivity, threshold; from (0, 0) to (1, 1). Empty unless both kinds occur. */
export function rocCurve(ranking: Ranking): CurvePoint[] {
  const { positives, negatives } = ranking;
  if (positives === 0 || negatives === 0) return [];
  const curve = curveCollector([0, 0, null]);
  ranking.forEachStep(({ score, from, to, negativesAbove, negativesAtOrAbove }) => {
    curve.add(negativesAbove / negatives, (positives - to) / positives, score);
    curve.add(negativesAtOrAbove / negatives, (positives - from) / positives, score);
  });
  return curve.end(1, 1, null);
}

/** Precision against recall, threshold; from recall 0, precision 1. Empty unless both kinds occur. */
export function precisionRecallCurve(ranking: Ranking): CurvePoint[] {
  const { positives, negatives } = ranking;
  if (positives === 0 || negatives === 0) return [];
  const curve = curveCollector([0, 1, null]);
  let last: CurvePoint = [0, 1, null];
  ranking.forEachStep(({ score, from, negativesAtOrAbove }) => {
    const truePositives = positives - from;
    last = [truePositives / positives, truePositives / (truePositives + negativesAtOrAbove), score];
    curve.add(...last);
  });
  return curve.end(...last);
}
