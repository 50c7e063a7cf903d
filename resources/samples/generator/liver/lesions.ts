import { blobLevel, type Blob } from '../blob.ts';
import type { Noise } from '../noise.ts';
import { ramp } from '../raster.ts';

/** A focal liver lesion. Contrasts relative to the parenchyma, negative = darker. */
export interface Lesion extends Blob {
  readonly contrast: number;
  /** Contrast of the margin and of the centre, added to `contrast`. */
  readonly rim: number;
  readonly centreContrast: number;
  /** Width of the edge in lesion radii: small = sharply bounded. */
  readonly edge: number;
}

/** Change of the grey level at a point, relative to the parenchyma. */
export function lesionChange(
  lesions: readonly Lesion[],
  field: Noise,
  x: number,
  y: number,
  z: number,
): number {
  let change = 0;
  for (const lesion of lesions) {
    const far = Math.max(...lesion.radii) * 1.8;
    if (Math.hypot(x - lesion.centre[0], y - lesion.centre[1]) > far) continue;
    const level = blobLevel(lesion, field, x, y, z);
    const body = ramp(1 + lesion.edge, 1 - lesion.edge, level);
    const mottle = 1 + 0.3 * field(x / 5, y / 5, z / 6 + 40) + 0.2 * field(x / 2, y / 2, z / 6);
    const rim = lesion.rim * Math.exp(-(((level - 0.94) / 0.19) ** 2)) * mottle;
    const centre = lesion.centreContrast * ramp(0.62, 0.3, level + 0.25 * field(x / 6, y / 6, z / 6 + 9));
    const own = body * (lesion.contrast * mottle + centre) + rim;
    if (Math.abs(own) > Math.abs(change)) change = own;
  }
  return change;
}

/** True inside the outline a reader would draw, margin included. */
export function insideLesion(
  lesions: readonly Lesion[],
  field: Noise,
  x: number,
  y: number,
  z: number,
): boolean {
  return lesions.some((lesion) => blobLevel(lesion, field, x, y, z) < (lesion.rim > 0 ? 1.12 : 1));
}
