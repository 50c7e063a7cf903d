import { resizeBilinear } from '#shared/anomaly-map.ts';
import type { ScoreMap } from '#shared/arrays.ts';

/** Mean of the maps of the levels, on the grid. Upsampling is linear, so the mean may be taken before it. */
export function fuseLevels(levels: readonly Float32Array[], rows: number, columns: number): ScoreMap {
  const data = new Float32Array(rows * columns);
  for (const level of levels)
    for (let i = 0; i < data.length; i++) data[i] = data[i]! + level[i]! / levels.length;
  return { rows, columns, data };
}

/** Mean of the largest percent of the pixels of the map at the size of the network's input, of at least one. */
export function fusedScore(map: ScoreMap, height: number, width: number): number {
  const { data } = resizeBilinear(map, height, width);
  const count = Math.max(1, Math.floor(data.length / 100));
  const largest = data.sort().subarray(data.length - count);
  return largest.reduce((sum, value) => sum + value, 0) / count;
}
