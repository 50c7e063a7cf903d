import { createRaster, ramp, type Raster } from '../raster.ts';
import type { SulcusPoint } from './sulci.ts';

/** Folds drawn on the fine grid. */
export interface Mantle {
  /** Distance to the nearest fold, millimetres, at most `CORTEX_REACH`. */
  readonly distance: Raster;
  /** Share of open fluid, 0..1. */
  readonly fluid: Raster;
}

/** Beyond this distance (mm) from a fold there is no cortex. */
const CORTEX_REACH = 6;

/**
 * Stamps the sulcus dots into two rasters.
 * @param toPixel turns millimetres into fine-grid pixels; @param pixel size of a fine pixel in millimetres
 */
export function drawMantle(
  points: readonly SulcusPoint[],
  size: number,
  pixel: number,
  toPixel: (x: number, y: number) => readonly [number, number],
): Mantle {
  const distance = createRaster(size, size, CORTEX_REACH);
  const fluid = createRaster(size, size);
  const reach = Math.ceil(CORTEX_REACH / pixel);
  for (const point of points) {
    const [column, row] = toPixel(point.x, point.y);
    const half = point.width / 2;
    const left = Math.max(0, Math.round(column) - reach);
    const right = Math.min(size - 1, Math.round(column) + reach);
    const top = Math.max(0, Math.round(row) - reach);
    const bottom = Math.min(size - 1, Math.round(row) + reach);
    for (let y = top; y <= bottom; y++) {
      for (let x = left; x <= right; x++) {
        const away = Math.hypot(x - column, y - row) * pixel;
        const cell = y * size + x;
        if (away + point.thinning < distance.data[cell]!) distance.data[cell] = away + point.thinning;
        const open = point.fluid * ramp(half + 0.75, half - 0.25, away);
        if (open > fluid.data[cell]!) fluid.data[cell] = open;
      }
    }
  }
  return { distance, fluid };
}
