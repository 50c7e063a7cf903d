import { blobLevel, type Blob } from '../blob.ts';
import type { Noise } from '../noise.ts';
import { ramp } from '../raster.ts';

/** A bright FLAIR lesion. Lengths in millimetres, contrasts relative to white matter. */
export interface Lesion extends Blob {
  readonly contrast: number;
  /** Contrast of the oedema and how far it reaches beyond the lesion, in lesion radii. */
  readonly oedema: number;
  readonly reach: number;
  /** 0 = solid, 1 = dark centre with a bright rim. */
  readonly necrosis: number;
  /** Largest displacement of the tissue around it. */
  readonly push: number;
}

/**
 * Brightness that the lesions add, relative to white matter.
 * @param cortex share of grey matter here, 0..1: oedema follows the white matter
 */
export function lesionGain(
  lesions: readonly Lesion[],
  field: Noise,
  cortex: number,
  x: number,
  y: number,
  z: number,
): number {
  let gain = 0;
  for (const lesion of lesions) {
    const far = Math.max(...lesion.radii) * (1.6 + lesion.reach);
    if (Math.hypot(x - lesion.centre[0], y - lesion.centre[1]) > far) continue;
    const level = blobLevel(lesion, field, x, y, z);
    const body = ramp(1.12, 0.78, level);
    const halo = ramp(1 + lesion.reach, 0.95, level + 0.3 * cortex);
    const mottle = 1 + 0.22 * field(x / 4, y / 4, z / 6 + 40) + 0.12 * field(x / 1.7, y / 1.7, z / 6);
    const core = level + 0.22 * field(x / 7, y / 7, z / 7 + 70);
    const ring = 0.25 * Math.exp(-(((core - 0.62) / 0.14) ** 2));
    const rim = 1 + lesion.necrosis * (ring - 0.8 * ramp(0.6, 0.3, core));
    gain = Math.max(gain, lesion.contrast * body * mottle * rim, lesion.oedema * halo * (0.9 + 0.1 * mottle));
  }
  return gain;
}

/** True where a reader would draw the lesion: clearly brighter than its surroundings, or its dark centre. */
export function insideLesion(
  lesions: readonly Lesion[],
  field: Noise,
  cortex: number,
  x: number,
  y: number,
  z: number,
): boolean {
  for (const lesion of lesions) {
    const level = blobLevel(lesion, field, x, y, z);
    if (level < 0.96) return true;
    const halo = lesion.oedema * ramp(1 + lesion.reach, 0.95, level + 0.3 * cortex);
    if (halo > 0.15) return true;
  }
  return false;
}

/** How far the lesions' mass shifts the tissue at a point (mm), pointing away from them. */
export function massEffect(lesions: readonly Lesion[], x: number, y: number, z: number): [number, number] {
  let dx = 0;
  let dy = 0;
  for (const lesion of lesions) {
    if (lesion.push === 0) continue;
    const size = (lesion.radii[0] + lesion.radii[1]) / 2;
    const px = x - lesion.centre[0];
    const py = y - lesion.centre[1];
    const level = Math.hypot(px, py, z - lesion.centre[2]) / size;
    const strength = lesion.push * 1.65 * Math.exp(-0.5 * level * level);
    dx += (strength * px) / size;
    dy += (strength * py) / size;
  }
  return [dx, dy];
}
