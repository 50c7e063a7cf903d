import type { Mask, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { assertSameSize, countOverlap, dice, iou } from './overlap.ts';
import type { OverlapCounts } from './overlap.ts';
import { rankingFigures, rankingOfSorted } from './ranking.ts';
import { sortFloats } from './sort-floats.ts';

/** How one map fits its ground truth; AUROC and AP are null when the mask is empty or full. */
export interface ImageFigures extends OverlapCounts {
  readonly auroc: number | null;
  readonly ap: number | null;
  readonly dice: number;
  readonly iou: number;
}

/** Figures of one map against one mask at a threshold, quick enough to follow a slider. */
export function imageFigures(map: ScoreMap, truth: Mask, threshold: number): ImageFigures {
  assertSameSize(map, truth);
  const counts = countOverlap(map, truth, threshold);
  const positives = new Float32Array(counts.truth);
  const negatives = new Float32Array(map.data.length - counts.truth);
  let [p, n] = [0, 0];
  for (let i = 0; i < map.data.length; i++) {
    const score = map.data[i]!;
    if (Number.isNaN(score)) {
      throw new Failure('invalid', 'A map with undefined scores (NaN) cannot be measured.');
    }
    if (truth.data[i] === 0) negatives[n++] = score;
    else positives[p++] = score;
  }
  const ranking = rankingFigures(rankingOfSorted(sortFloats(positives), sortFloats(negatives)));
  return {
    auroc: ranking?.auroc ?? null,
    ap: ranking?.ap ?? null,
    dice: dice(counts),
    iou: iou(counts),
    ...counts,
  };
}
