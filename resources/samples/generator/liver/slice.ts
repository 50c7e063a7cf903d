import { blur, clamp, createRaster, grain, mix, ramp, shrink } from '../raster.ts';
import { createRandom } from '../random.ts';
import { tubeDistance } from '../shapes.ts';
import type { Picture } from '../picture.ts';
import { insideLesion, lesionChange, type Lesion } from './lesions.ts';
import { liverTissue, type LiverTissue, type Subject } from './subject.ts';
import { vesselsNear } from './vessels.ts';

/** Edge of the square picture in pixels. */
const LIVER_SIZE = 240;
const FINE = 2;
/** Millimetres a pixel. */
const SPACING = 0.92;
/** Point of the liver coordinates in the middle of the picture. */
const CENTRE_X = -6;
const CENTRE_Y = 6;
const FAT = 44;
const BILE = 62;

/** Draws one axial slice of a contrast-enhanced liver at height z (mm), everything outside the liver 0. */
export function drawLiverSlice(subject: Subject, z: number, lesions: readonly Lesion[]): Picture {
  const size = LIVER_SIZE * FINE;
  const step = (SPACING / FINE) * (1 / subject.scale);
  const cos = Math.cos(subject.tilt);
  const sin = Math.sin(subject.tilt);
  const vessels = vesselsNear(subject.vessels, z);
  const signal = createRaster(size, size, subject.parenchyma);
  const inside = createRaster(size, size);
  const lesion = createRaster(size, size);
  const tissue: LiverTissue = { surface: 0, cava: 0, gallbladder: 0, fissure: 0 };

  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const u = (column - size / 2) * step - subject.shiftX;
      const v = (size / 2 - row) * step - subject.shiftY;
      const x = cos * u + sin * v + CENTRE_X;
      const y = -sin * u + cos * v + CENTRE_Y;
      liverTissue(subject, x, y, z, tissue);
      const cell = row * size + column;
      if (tissue.surface < 0) inside.data[cell] = 1;
      if (tissue.surface > 4) continue;

      let tone = subject.parenchyma;
      tone *= 1 + 0.03 * subject.field(x / 30, y / 30, z / 40) + 0.025 * subject.texture(x / 5, y / 5, z / 6);
      const change = lesions.length > 0 ? lesionChange(lesions, subject.field, x, y, z) : 0;
      const wall = tubeDistance(vessels, x, y, z);
      const vessel = ramp(1.3, -1.1, wall) * (1 - Math.min(1, Math.abs(change) * 4));
      tone += subject.parenchyma * (subject.vesselGain * vessel + change);
      const fat = Math.max(ramp(1.4, -1.2, tissue.fissure), 0.55 * ramp(-1.6, 0.4, tissue.surface));
      tone = mix(tone, FAT, 0.85 * fat * (1 - 0.9 * vessel));
      signal.data[cell] = mix(tone, BILE, 0.6 * ramp(1.8, 0.2, tissue.gallbladder));
      if (insideLesion(lesions, subject.field, x, y, z)) lesion.data[cell] = 1;
    }
  }

  const image = shrink(blur(signal, 1.1), FINE);
  const cover = shrink(inside, FINE);
  const area = shrink(lesion, FINE);
  const random = createRandom(subject.seed * 31 + Math.round(z * 100));
  const fineGrain = grain(random, LIVER_SIZE, LIVER_SIZE, 0.75);
  const coarseGrain = grain(random, LIVER_SIZE, LIVER_SIZE, 1.8);
  const pixels = new Uint8Array(LIVER_SIZE * LIVER_SIZE);
  const mask = new Uint8Array(LIVER_SIZE * LIVER_SIZE);
  for (let cell = 0; cell < pixels.length; cell++) {
    if (cover.data[cell]! < 0.5) continue;
    const quantum = subject.noise * (fineGrain.data[cell]! + 0.35 * coarseGrain.data[cell]!);
    pixels[cell] = clamp(Math.round(image.data[cell]! + quantum), 1, 255);
    if (area.data[cell]! >= 0.5) mask[cell] = 255;
  }
  return { width: LIVER_SIZE, height: LIVER_SIZE, channels: 1, pixels, mask };
}
