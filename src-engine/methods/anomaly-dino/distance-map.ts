import { resizeBilinear } from '#shared/anomaly-map.ts';
import type { ScoreMap } from '#shared/arrays.ts';
import { gaussianSmooth } from '../smoothing.ts';

/**
 * Patch distances to a map the size of the image: bilinear, then Gaussian with repeated edge; sigma in
 * pixels of the image (AnomalyDINO, section 3.1: 4).
 */
export function distanceMap(patchScores: ScoreMap, rows: number, columns: number, sigma = 4): ScoreMap {
  return gaussianSmooth(resizeBilinear(patchScores, rows, columns), sigma, 'repeat-edge');
}
