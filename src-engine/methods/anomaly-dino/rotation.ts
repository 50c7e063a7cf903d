import type { PixelArray } from '#shared/arrays.ts';
import { borderIndex } from '#shared/smoothing.ts';

/** The angles of the rotated references, in degrees counter-clockwise (AnomalyDINO, "agnostic"). */
export const referenceAngles = [0, 45, 90, 135, 180, 225, 270, 315] as const;

/** Positions are counted in 1/32 pixel, from matrix entries times 1024, as OpenCV `warpAffine` does. */
const matrixScale = 1024;
const fractionBits = 5;
const fractions = 1 << fractionBits;
const half = matrixScale / fractions / 2;

/** Rounds to the nearest integer, halves to even. */
function roundHalfEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** Matrix that takes a pixel of the rotated image to its source: [xx, xy, x0, yx, yy, y0]. */
function inverseRotation(degrees: number, centreX: number, centreY: number): number[] {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const shiftX = (1 - cos) * centreX - sin * centreY;
  const shiftY = sin * centreX + (1 - cos) * centreY;
  const scale = 1 / (cos * cos + sin * sin);
  const [xx, xy, yx, yy] = [cos * scale, -sin * scale, sin * scale, cos * scale];
  return [xx, xy, -xx * shiftX - xy * shiftY, yx, yy, -yx * shiftX - yy * shiftY];
}

/**
 * Rotates an image counter-clockwise about (width / 2, height / 2) on the same canvas: bilinear, reflect-101
 * border, in the fixed-point arithmetic of OpenCV, whose pixels it reproduces for 8-bit images.
 */
export function rotateImage<T extends PixelArray>(image: T, degrees: number): T {
  const { width, height, channels, data: source } = image;
  const [xx, xy, x0, yx, yy, y0] = inverseRotation(degrees, width / 2, height / 2) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const scaled = (factor: number, i: number): number => roundHalfEven(factor * i * matrixScale);
  const columnX = Int32Array.from({ length: width }, (_, x) => scaled(xx, x));
  const columnY = Int32Array.from({ length: width }, (_, x) => scaled(yx, x));
  const whole = !(source instanceof Float32Array);
  const data = source.slice();
  for (let y = 0; y < height; y++) {
    const rowX = roundHalfEven((xy * y + x0) * matrixScale) + half;
    const rowY = roundHalfEven((yy * y + y0) * matrixScale) + half;
    for (let x = 0; x < width; x++) {
      const fineX = (rowX + columnX[x]!) >> (10 - fractionBits);
      const fineY = (rowY + columnY[x]!) >> (10 - fractionBits);
      const [fx, fy] = [fineX & (fractions - 1), fineY & (fractions - 1)];
      const left = borderIndex(fineX >> fractionBits, width, 'reflect-101');
      const right = borderIndex((fineX >> fractionBits) + 1, width, 'reflect-101');
      const above = borderIndex(fineY >> fractionBits, height, 'reflect-101') * width;
      const below = borderIndex((fineY >> fractionBits) + 1, height, 'reflect-101') * width;
      for (let c = 0; c < channels; c++) {
        const at = (pixel: number): number => source[pixel * channels + c]!;
        const upper = at(above + left) * (fractions - fx) + at(above + right) * fx;
        const lower = at(below + left) * (fractions - fx) + at(below + right) * fx;
        const sum = upper * (fractions - fy) + lower * fy;
        data[(y * width + x) * channels + c] = whole ? Math.floor((sum + 512) / 1024) : sum / 1024;
      }
    }
  }
  return { ...image, data };
}
