import type { Picture } from '../picture.ts';
import { createRandom } from '../random.ts';
import { blur, clamp, createRaster, grain, shrink } from '../raster.ts';
import type { Defect } from './defects.ts';
import { clothColour, lampAt, type Cloth, type Disturbance } from './weave.ts';

/** Edge of the square picture in pixels. */
export const CLOTH_SIZE = 256;
const FINE = 2;
const SENSOR_NOISE = 2.2;

/** Linear light to an 8-bit sRGB value (IEC 61966-2-1). */
function encode(light: number): number {
  const value = light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
  return 255 * value;
}

/** Photographs a cloth, with a defect or none. */
export function drawCloth(cloth: Cloth, defect: Defect | null): Picture {
  const size = CLOTH_SIZE * FINE;
  const planes = [createRaster(size, size), createRaster(size, size), createRaster(size, size)];
  const tint = [1 + cloth.warmth, 1, 1 - cloth.warmth];
  const mask = new Uint8Array(CLOTH_SIZE * CLOTH_SIZE);
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const x = (column + 0.5) / FINE;
      const y = (row + 0.5) / FINE;
      const disturbance: Disturbance = { shiftX: 0, shiftY: 0, warpMissing: 0, weftMissing: 0, abrasion: 0 };
      defect?.disturb(x, y, disturbance);
      const plain = clothColour(cloth, x, y, disturbance);
      const colour = defect === null ? plain : defect.cover(x, y, plain);
      const light = lampAt(cloth, x, y, CLOTH_SIZE);
      for (let i = 0; i < 3; i++) planes[i]!.data[row * size + column] = colour[i]! * light * tint[i]!;
    }
  }
  for (let cell = 0; cell < mask.length; cell++) {
    const x = (cell % CLOTH_SIZE) + 0.5;
    const y = Math.floor(cell / CLOTH_SIZE) + 0.5;
    if (defect?.contains(x, y)) mask[cell] = 255;
  }

  const pixels = new Uint8Array(CLOTH_SIZE * CLOTH_SIZE * 3);
  const random = createRandom(cloth.seed + 77);
  const sensor = grain(random, CLOTH_SIZE, CLOTH_SIZE, 0.5);
  planes.forEach((plane, channel) => {
    const image = shrink(blur(plane, 0.8), FINE);
    for (let cell = 0; cell < image.data.length; cell++) {
      const value = encode(image.data[cell]!) + SENSOR_NOISE * sensor.data[cell]!;
      pixels[cell * 3 + channel] = clamp(Math.round(value), 0, 255);
    }
  });
  return { width: CLOTH_SIZE, height: CLOTH_SIZE, channels: 3, pixels, mask };
}
