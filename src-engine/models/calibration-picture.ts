import type { PixelArray } from '#shared/arrays.ts';

const EDGE = 256;

/**
 * A picture with smooth shading, edges and texture in every channel, the same on every machine: what a model is tried on
 * before it is trusted.
 */
export function calibrationPicture(): PixelArray {
  const data = new Uint8Array(EDGE * EDGE * 3);
  for (let y = 0, at = 0; y < EDGE; y++) {
    for (let x = 0; x < EDGE; x++) {
      const inDisc = (x - 100) ** 2 + (y - 120) ** 2 < 70 ** 2;
      const isChequered = x > 160 && y > 150 && ((x >> 3) + (y >> 3)) % 2 === 0;
      data[at++] = inDisc ? 40 + (x >> 1) : 200 - (y >> 1);
      data[at++] = isChequered ? 230 : (x + y) >> 1;
      data[at++] = inDisc ? 180 : (x * y) >> 8;
    }
  }
  return { width: EDGE, height: EDGE, channels: 3, bits: 8, data };
}
