import { resizeBilinear } from './anomaly-map.ts';
import type { ScoreMap } from './arrays.ts';
import { gaussianSmooth } from './smoothing.ts';

/**
 * How a map on the patch grid becomes one of the size of the image: resized, then smoothed with a Gaussian. `bilinear` with
 * a border that repeats the edge (the papers); `nearest` with a border that reflects (anomalib).
 */
export interface MapRule {
  readonly resize: 'bilinear' | 'nearest';
  /** Standard deviation in pixels of the image; 0 = no smoothing. */
  readonly sigma: number;
}

/** Whether a map is nothing but interpolated between its patches, which the viewer does by itself. */
const isPlain = ({ resize, sigma }: MapRule): boolean => resize === 'bilinear' && sigma === 0;

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

/** The anomaly map at the size of its image, where pixel figures are taken; `rows` and `columns` are the image's. */
export function fullMap(map: ScoreMap, rule: MapRule, rows: number, columns: number): ScoreMap {
  const bilinear = rule.resize === 'bilinear';
  const resized = bilinear ? resizeBilinear(map, rows, columns) : resizeNearest(map, rows, columns);
  if (rule.sigma === 0) return resized;
  return gaussianSmooth(resized, rule.sigma, bilinear ? 'repeat-edge' : 'reflect-101');
}

/** What is drawn to show the same map as is measured: the grid itself where interpolating it says all. */
export const drawnMap = (map: ScoreMap, rule: MapRule, rows: number, columns: number): ScoreMap =>
  isPlain(rule) ? map : fullMap(map, rule, rows, columns);

/** The drawn map in the size of a thumbnail: `longest` pixels on the longer side of an image of rows x columns. */
export function smallMap(
  map: ScoreMap,
  { resize, sigma }: MapRule,
  rows: number,
  columns: number,
  longest: number,
): ScoreMap {
  const factor = Math.min(1, longest / Math.max(rows, columns));
  const side = (length: number) => Math.max(1, Math.round(length * factor));
  return drawnMap(map, { resize, sigma: sigma * factor }, side(rows), side(columns));
}
