import type { Noise } from './noise.ts';
import type { Ellipsoid } from './shapes.ts';

/** Irregular ellipsoid: the common shape of the lesions. */
export interface Blob extends Ellipsoid {
  /** Irregularity of the outline, 0 = ellipsoid. */
  readonly roughness: number;
}

/** Distance from the blob's centre in units of its radius, about 1 on its irregular outline. */
export function blobLevel(blob: Blob, field: Noise, x: number, y: number, z: number): number {
  const cos = Math.cos(blob.angle);
  const sin = Math.sin(blob.angle);
  const px = x - blob.centre[0];
  const py = y - blob.centre[1];
  const u = (cos * px + sin * py) / blob.radii[0];
  const v = (-sin * px + cos * py) / blob.radii[1];
  const w = (z - blob.centre[2]) / blob.radii[2];
  const size = Math.min(blob.radii[0], blob.radii[1]);
  const coarse = field(x / size + 7, y / size, z / size);
  const fine = field(x / (size * 0.4), y / (size * 0.4), z / size + 3);
  return Math.sqrt(u * u + v * v + w * w) + blob.roughness * (coarse + 0.5 * fine);
}
