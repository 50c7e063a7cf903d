import type { Picture } from '../picture.ts';
import { blur, clamp, createRaster, grain, mix, ramp, shrink, type Raster } from '../raster.ts';
import { createRandom } from '../random.ts';
import { deepTissue, type DeepTissue } from './anatomy.ts';
import { insideLesion, lesionGain, massEffect, type Lesion } from './lesions.ts';
import { drawMantle } from './mantle.ts';
import { outlineRadius, type Subject } from './subject.ts';
import { growSulci } from './sulci.ts';

/** Edge of the square picture, pixels of one millimetre. */
const BRAIN_SIZE = 240;
const FINE = 2;
const FLUID = 18;

/** Draws one axial FLAIR slice at height z (mm above the basal ganglia plane), anterior at the top. */
export function drawBrainSlice(subject: Subject, z: number, lesions: readonly Lesion[]): Picture {
  const size = BRAIN_SIZE * FINE;
  const pixel = 1 / FINE;
  const middle = size / 2;
  const cos = Math.cos(subject.tilt);
  const sin = Math.sin(subject.tilt);
  const toPixel = (x: number, y: number): readonly [number, number] => {
    const [dx, dy] = massEffect(lesions, x, y, z);
    const px = x + dx;
    const py = y + dy;
    return [
      middle + (cos * px - sin * py + subject.shiftX) * FINE,
      middle - (sin * px + cos * py + subject.shiftY) * FINE,
    ];
  };
  const mantle = drawMantle(growSulci(subject, z), size, pixel, toPixel);
  const signal = createRaster(size, size);
  const inside = createRaster(size, size);
  const lesion = createRaster(size, size);
  const deep: DeepTissue = { ventricle: 0, brightness: 1, nuclei: 0, plexus: 0 };

  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const u = (column - middle) * pixel - subject.shiftX;
      const v = (middle - row) * pixel - subject.shiftY;
      const x = cos * u + sin * v;
      const y = -sin * u + cos * v;
      const cell = row * size + column;
      // Gyri bulge: the surface steps back where a fold opens.
      const notch = 1.9 * Math.exp(-((mantle.distance.data[cell]! / 2) ** 2));
      const depth = outlineRadius(subject, Math.atan2(y, x), z) - Math.hypot(x, y) - notch;
      const strip = 0.6 + 1.4 * subject.field(x / 5, y / 5, z / 8 + 80);
      if (depth < -strip) continue;
      inside.data[cell] = 1;
      const [dx, dy] = massEffect(lesions, x, y, z);
      const sx = x - dx;
      const sy = y - dy;
      deepTissue(subject, sx, sy, z, deep);

      const thickness = 2.7 + 0.6 * subject.field(x / 9, y / 9, z / 9 + 5);
      const toFold = Math.min(mantle.distance.data[cell]!, depth + 0.8);
      const cortex =
        ramp(thickness + 1.1, thickness - 0.9, toFold) * (1 - deep.nuclei) * ramp(2, 4, deep.ventricle);
      const grain = subject.texture(x / 11, y / 11, z / 9);
      const cortexTone = 1 + 0.05 * subject.field(x / 14, y / 14, z / 20 + 60);
      let tone = mix(subject.whiteMatter * deep.brightness, subject.greyMatter * cortexTone, cortex);
      tone *=
        1 +
        0.042 * grain +
        0.05 * subject.field(x / 26, y / 26, z / 30) +
        0.014 * subject.field(x / 1.6, y / 1.6, z / 3);
      const gain = lesions.length > 0 ? lesionGain(lesions, subject.field, cortex, x, y, z) : 0;
      tone += subject.whiteMatter * gain;

      const open = subject.field(x / 15, y / 15, z / 14 + 33);
      const rim = ramp(0.9, -0.9, depth - 5 * Math.max(0, open - 0.3)) * ramp(-0.25, 0.35, open);
      const squeezed = 1 - 0.75 * Math.min(1, gain * 2.5);
      const sulcal = Math.max(mantle.fluid.data[cell]!, 0.75 * rim) * squeezed;
      const ventricle = ramp(0.9, -1.3, deep.ventricle) * (1 - 0.75 * deep.plexus);
      const fluid = FLUID + 9 * subject.field(x / 7, y / 7, z / 9 + 15);
      signal.data[cell] = mix(tone, fluid, Math.max(sulcal, ventricle));
      if (lesions.length > 0 && ventricle < 0.5 && insideLesion(lesions, subject.field, cortex, x, y, z)) {
        lesion.data[cell] = 1;
      }
    }
  }
  return finish(subject, z, signal, inside, lesion);
}

function finish(subject: Subject, z: number, signal: Raster, inside: Raster, lesion: Raster): Picture {
  const tissue = shrink(blur(signal, 0.9), FINE);
  const cover = shrink(inside, FINE);
  const area = shrink(lesion, FINE);
  const random = createRandom(subject.seed * 31 + Math.round(z * 100));
  const real = grain(random, BRAIN_SIZE, BRAIN_SIZE, 0.55);
  const imaginary = grain(random, BRAIN_SIZE, BRAIN_SIZE, 0.55);
  const pixels = new Uint8Array(BRAIN_SIZE * BRAIN_SIZE);
  const mask = new Uint8Array(BRAIN_SIZE * BRAIN_SIZE);
  for (let row = 0; row < BRAIN_SIZE; row++) {
    for (let column = 0; column < BRAIN_SIZE; column++) {
      const cell = row * BRAIN_SIZE + column;
      if (cover.data[cell]! < 0.5) continue;
      const u = (column - BRAIN_SIZE / 2) / 80;
      const v = (row - BRAIN_SIZE / 2) / 80;
      const bias = 1 + subject.biasX * u + subject.biasY * v + subject.biasBowl * (u * u + v * v - 0.5);
      // Magnitude of a complex signal: Rician noise (Gudbjartsson and Patz 1995).
      const level = tissue.data[cell]! * bias + subject.noise * real.data[cell]!;
      pixels[cell] = clamp(Math.round(Math.hypot(level, subject.noise * imaginary.data[cell]!)), 1, 255);
      if (area.data[cell]! >= 0.5) mask[cell] = 255;
    }
  }
  return { width: BRAIN_SIZE, height: BRAIN_SIZE, channels: 1, pixels, mask };
}
