import { fractal, gradientNoise, type Noise } from '../noise.ts';
import { between, createRandom } from '../random.ts';
import { clamp, ramp } from '../raster.ts';

/** Linear RGB colour, 0..1. */
export type Colour = [red: number, green: number, blue: number];

/** One piece of denim under one lamp. Lengths in pixels of the finished picture. */
export interface Cloth {
  readonly seed: number;
  readonly warpPitch: number;
  readonly weftPitch: number;
  readonly angle: number;
  readonly offset: readonly [number, number];
  /** Share of dye left in the warp: a little wash makes it paler. */
  readonly wash: number;
  readonly lampAngle: number;
  readonly lampSlope: number;
  readonly vignette: number;
  readonly exposure: number;
  readonly warmth: number;
  readonly field: Noise;
  readonly fibre: Noise;
}

const INDIGO: Colour = [0.04, 0.068, 0.14];
const FADED: Colour = [0.2, 0.27, 0.37];
const ECRU: Colour = [0.47, 0.48, 0.46];
/** Twill repeat: the weft shows once every so many warp threads. */
const REPEAT = 4;

/** Draws a cloth. @param seed any integer; equal seeds give equal cloths */
export function createCloth(seed: number): Cloth {
  const random = createRandom(seed);
  return {
    seed,
    warpPitch: between(random, 4.9, 5.2),
    weftPitch: between(random, 5.4, 5.8),
    angle: between(random, -0.05, 0.05),
    offset: [between(random, 0, 400), between(random, 0, 400)],
    wash: between(random, 0.05, 0.2),
    lampAngle: between(random, 0, 2 * Math.PI),
    lampSlope: between(random, 0.03, 0.1),
    vignette: between(random, 0.03, 0.09),
    exposure: between(random, 0.92, 1.06),
    warmth: between(random, -0.03, 0.03),
    field: gradientNoise(seed + 1),
    fibre: fractal(gradientNoise(seed + 2), 2, 0.6),
  };
}

/** What a defect does to the weave at one point. */
export interface Disturbance {
  /** Shift of the threads, pixels. */
  shiftX: number;
  shiftY: number;
  /** 1 = no warp thread here, 0 = intact; the same for the weft. */
  warpMissing: number;
  weftMissing: number;
  /** Dye rubbed off, 0..1. */
  abrasion: number;
}

const round = (fraction: number): number => Math.cos((fraction - 0.5) * Math.PI);

/** Colour of the cloth at a point of the picture, before the lamp. */
export function clothColour(cloth: Cloth, px: number, py: number, disturbance: Disturbance): Colour {
  const cos = Math.cos(cloth.angle);
  const sin = Math.sin(cloth.angle);
  const x =
    px + disturbance.shiftX + 1.1 * cloth.field(px / 48, py / 48, 1) + 0.8 * cloth.field(px / 9, py / 30, 2);
  const y =
    py + disturbance.shiftY + 1.1 * cloth.field(px / 48, py / 48, 9) + 0.8 * cloth.field(px / 30, py / 9, 8);
  const u = (cos * x + sin * y) / cloth.warpPitch + cloth.offset[0];
  const v = (-sin * x + cos * y) / cloth.weftPitch + cloth.offset[1];
  const warp = Math.floor(u);
  const weft = Math.floor(v);
  const acrossWarp = u - warp;
  const acrossWeft = v - weft;

  const warpWave = Math.cos((2 * Math.PI * (v + warp - 0.5)) / REPEAT);
  const weftWave = Math.cos((2 * Math.PI * (u + weft - 0.5)) / REPEAT);
  const thick = 0.12 * cloth.field(warp * 3.7, v / 9, 20);
  const warpHeight =
    0.42 - 0.62 * warpWave + (0.55 + thick) * round(acrossWarp) - 5 * disturbance.warpMissing;
  const weftHeight = -0.12 + 0.5 * weftWave + 0.5 * round(acrossWeft) - 5 * disturbance.weftMissing;

  if (Math.max(warpHeight, weftHeight) < -1.2) return [0.012, 0.012, 0.014];
  const fuzz = cloth.fibre(px / 1.3, py / 1.3, 4);
  if (warpHeight > weftHeight) {
    const dye = 0.22 * cloth.field(warp * 5.3, v / 26, 40) + 0.16 * cloth.field(warp * 1.9, v / 6, 50);
    const streak = 0.08 * cloth.field(u / 5, v / 60, 60);
    const crown = ramp(0.75, 1.35, warpHeight) * 0.16;
    const pale = clamp(
      cloth.wash + dye * 0.5 + streak + crown + 0.06 * fuzz + disturbance.abrasion * 0.9,
      0,
      1.2,
    );
    const shade = 0.42 + 0.58 * clamp(0.25 + 0.55 * warpHeight, 0, 1.1);
    return INDIGO.map((dark, i) => (dark + (FADED[i]! - dark) * pale) * shade * (1 + dye)) as Colour;
  }
  const uneven = 1 + 0.18 * cloth.field(u / 11, weft * 4.1, 70) + 0.1 * fuzz;
  const shade = (0.3 + 0.7 * clamp(0.35 + 0.6 * weftHeight, 0, 1.1)) * uneven;
  return ECRU.map((light) => light * shade) as Colour;
}

/** Light that falls on a point of a picture of `size` pixels, about 1. */
export function lampAt(cloth: Cloth, px: number, py: number, size: number): number {
  const x = px / size - 0.5;
  const y = py / size - 0.5;
  const slope = cloth.lampSlope * 2 * (Math.cos(cloth.lampAngle) * x + Math.sin(cloth.lampAngle) * y);
  const folds = 0.03 * cloth.field(px / 120, py / 120, 80);
  return cloth.exposure * (1 + slope + folds - cloth.vignette * 2 * (x * x + y * y));
}
