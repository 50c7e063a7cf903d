import { resizeBilinear } from '#shared/anomaly-map.ts';
import type { ScoreMap } from '#shared/arrays.ts';
import { gaussianSmooth } from '../smoothing.ts';

/** Standard deviation of the smoothing, in pixels of the image (AnomalyDINO, section 3.1). */
export const smoothingSigma = 4;

/** Patch distances to a map the size of the image: bilinear, then Gaussian with repeated edge. */
export function distanceMap(patchScores: ScoreMap, rows: number, columns: number): ScoreMap {
  return gaussianSmooth(resizeBilinear(patchScores, rows, columns), smoothingSigma, 'repeat-edge');
}
