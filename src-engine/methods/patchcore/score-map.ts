import { resizeBilinear } from '#shared/anomaly-map.ts';
import type { ScoreMap } from '#shared/arrays.ts';
import { gaussianSmooth } from '../smoothing.ts';

/** `paper`: bilinear resize, edge-repeating border. `anomalib`: nearest neighbour, reflect-101 border. */
export type MapVariant = 'paper' | 'anomalib';

function resizeNearest(map: ScoreMap, rows: number, columns: number): ScoreMap {
  const data = new Float32Array(rows * columns);
  for (let y = 0; y < rows; y++) {
    const start = Math.floor((y * map.rows) / rows) * map.columns;
    for (let x = 0; x < columns; x++) {
      data[y * columns + x] = map.data[start + Math.floor((x * map.columns) / columns)]!;
    }
  }
  return { rows, columns, data };
}

/** Patch scores to a map the size of the image, smoothed with a Gaussian; sigma in pixels of the image. */
export function patchCoreMap(
  patchScores: ScoreMap,
  rows: number,
  columns: number,
  variant: MapVariant = 'paper',
  sigma = 4,
): ScoreMap {
  return variant === 'paper'
    ? gaussianSmooth(resizeBilinear(patchScores, rows, columns), sigma, 'repeat-edge')
    : gaussianSmooth(resizeNearest(patchScores, rows, columns), sigma, 'reflect-101');
}
