import type { Mask, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';

/** Pixels predicted (score >= threshold), true, and both. */
export interface OverlapCounts {
  readonly truePositives: number;
  readonly predicted: number;
  readonly truth: number;
}

export function assertSameSize(map: ScoreMap, mask: Mask): void {
  if (map.columns !== mask.width || map.rows !== mask.height) {
    throw new Failure(
      'invalid',
      `A map of ${map.columns} x ${map.rows} pixels cannot be compared with a mask of ${mask.width} x ${mask.height}.`,
    );
  }
}

export function countOverlap(map: ScoreMap, mask: Mask, threshold: number): OverlapCounts {
  assertSameSize(map, mask);
  let [truePositives, predicted, truth] = [0, 0, 0];
  for (let i = 0; i < map.data.length; i++) {
    const above = map.data[i]! >= threshold ? 1 : 0;
    const inside = mask.data[i] === 0 ? 0 : 1;
    predicted += above;
    truth += inside;
    truePositives += above & inside;
  }
  return { truePositives, predicted, truth };
}

/** The pixels whose score is at or above the threshold. */
export function thresholdMap(map: ScoreMap, threshold: number): Mask {
  const data = Uint8Array.from(map.data, (score) => (score >= threshold ? 1 : 0));
  return { width: map.columns, height: map.rows, data };
}

/** 2 |A and B| / (|A| + |B|); 1 when both are empty. */
export function dice({ truePositives, predicted, truth }: OverlapCounts): number {
  return predicted + truth === 0 ? 1 : (2 * truePositives) / (predicted + truth);
}

/** |A and B| / |A or B|; 1 when both are empty. */
export function iou({ truePositives, predicted, truth }: OverlapCounts): number {
  const union = predicted + truth - truePositives;
  return union === 0 ? 1 : truePositives / union;
}
