import { blobLevel, type Blob } from '../blob.ts';
import { between, createRandom, type Random } from '../random.ts';
import { clamp, ramp } from '../raster.ts';
import type { Cloth, Colour, Disturbance } from './weave.ts';

/** Kinds of defect; the names are the folder names of the study. */
export const DEFECTS = ['hole', 'scratch', 'stain', 'thread_pull'] as const;
export type DefectKind = (typeof DEFECTS)[number];

/** A defect in one picture. */
export interface Defect {
  /** How the weave is disturbed at a point. */
  disturb(x: number, y: number, into: Disturbance): void;
  /** What lies on top of the cloth. */
  cover(x: number, y: number, colour: Colour): Colour;
  /** True inside the outline an inspector would draw. */
  contains(x: number, y: number): boolean;
}

const none = (_x: number, _y: number, colour: Colour): Colour => colour;
const still = (): void => {};

/** Draws a defect on a square picture of `size` pixels. */
export function createDefect(kind: DefectKind, cloth: Cloth, size: number, seed: number): Defect {
  const random = createRandom(seed);
  const spot = (): [number, number] => [
    between(random, 0.24, 0.76) * size,
    between(random, 0.24, 0.76) * size,
  ];
  if (kind === 'hole') return hole(random, cloth, spot());
  if (kind === 'stain') return stain(random, cloth, spot());
  if (kind === 'scratch') return scratch(random, cloth, spot());
  return threadPull(random, cloth, spot());
}

function blob(random: Random, [x, y]: [number, number], radius: number, roughness: number): Blob {
  return {
    centre: [x, y, 0],
    radii: [radius * between(random, 0.9, 1.4), radius * between(random, 0.75, 1.05), radius],
    angle: between(random, -1.5, 1.5),
    roughness,
  };
}

/** Warp torn away, pale weft threads left lying across the gap, a frayed margin. */
function hole(random: Random, cloth: Cloth, centre: [number, number]): Defect {
  const shape = blob(random, centre, between(random, 15, 25), 0.26);
  const level = (x: number, y: number): number => blobLevel(shape, cloth.field, x, y, 3);
  return {
    disturb(x, y, into) {
      const at = level(x, y);
      if (at > 1.6) return;
      const frayed = at + 0.28 * cloth.field(x / 2.2, y / 14, 5);
      into.warpMissing = ramp(1.02, 0.94, frayed);
      const row = Math.floor(y / cloth.weftPitch);
      const survives = cloth.field(row * 3.3, x / 60, 7) > 0.12;
      into.weftMissing = survives ? ramp(0.25, 0.1, at) : ramp(0.95, 0.85, frayed);
      into.abrasion = 0.75 * ramp(1.45, 1, at);
      into.shiftY = into.warpMissing * 2.2 * cloth.field(x / 16, row * 1.7, 9);
    },
    cover: none,
    contains: (x, y) => level(x, y) < 1.14,
  };
}

/** Something spilt: darker towards a dried edge, the weave still visible through it. */
function stain(random: Random, cloth: Cloth, centre: [number, number]): Defect {
  const shape = blob(random, centre, between(random, 24, 38), 0.5);
  const tint: Colour = [between(random, 0.62, 0.75), between(random, 0.42, 0.5), between(random, 0.2, 0.28)];
  const level = (x: number, y: number): number => blobLevel(shape, cloth.field, x, y, 3);
  return {
    disturb: still,
    cover(x, y, colour) {
      const at = level(x, y);
      const wet = ramp(1.06, 0.94, at);
      if (wet === 0) return colour;
      const edge = Math.exp(-(((at - 0.93) / 0.09) ** 2));
      const strength = wet * clamp(0.8 + 0.2 * edge + 0.15 * cloth.field(x / 14, y / 14, 90), 0, 1);
      return colour.map(
        (value, i) => value * (1 - strength * (1 - tint[i]!)) + 0.012 * strength * tint[i]!,
      ) as Colour;
    },
    contains: (x, y) => level(x, y) < 1.02,
  };
}

type Track = readonly (readonly [x: number, y: number])[];

function track(
  start: [number, number],
  heading: number,
  length: number,
  bendAt: (s: number) => number,
): Track {
  const points: [number, number][] = [];
  let [x, y] = start;
  let direction = heading;
  for (let s = 0; s < length; s++) {
    direction += bendAt(s);
    x += Math.cos(direction);
    y += Math.sin(direction);
    points.push([x, y]);
  }
  return points;
}

/** Where a track of this heading and length starts if its middle is to lie at `centre`. */
function startOf(centre: [number, number], heading: number, length: number): [number, number] {
  return [centre[0] - (Math.cos(heading) * length) / 2, centre[1] - (Math.sin(heading) * length) / 2];
}

/** Distance to the track and the place along it, 0..1. */
function nearest(points: Track, x: number, y: number): { distance: number; along: number } {
  let best = Infinity;
  let index = 0;
  for (let i = 0; i < points.length; i++) {
    const [px, py] = points[i]!;
    const squared = (px - x) ** 2 + (py - y) ** 2;
    if (squared < best) {
      best = squared;
      index = i;
    }
  }
  return { distance: Math.sqrt(best), along: index / points.length };
}

/** A sharp edge dragged over the cloth: dye rubbed off along a line, fibres broken in the middle. */
function scratch(random: Random, cloth: Cloth, centre: [number, number]): Defect {
  const heading = between(random, 0, 2 * Math.PI);
  const length = between(random, 60, 110);
  const start = startOf(centre, heading, length);
  const points = track(start, heading, length, (s) => 0.03 * cloth.field(s / 18, 3, 3));
  const half = between(random, 3, 4.6);
  const width = (along: number, s: number): number =>
    half * Math.sqrt(Math.max(0.04, 4 * along * (1 - along))) * (1 + 0.5 * cloth.field(s / 6, 8, 2));
  return {
    disturb(x, y, into) {
      const { distance, along } = nearest(points, x, y);
      const own = width(along, along * points.length);
      into.abrasion = 1.15 * ramp(own + 1.2, own - 0.8, distance);
      into.warpMissing =
        0.5 * ramp(own * 0.7, own * 0.2, distance) * ramp(-0.1, 0.2, cloth.field(x / 4, y / 4, 6));
    },
    cover: none,
    contains(x, y) {
      const { distance, along } = nearest(points, x, y);
      return distance < width(along, along * points.length) + 0.7;
    },
  };
}

/** A weft thread pulled out of the cloth: a pale line with the weave puckered around it, ending in a loop. */
function threadPull(random: Random, cloth: Cloth, centre: [number, number]): Defect {
  const heading = cloth.angle + (random.next() < 0.5 ? 0 : Math.PI);
  const length = between(random, 90, 140);
  const start = startOf(centre, heading, length);
  const line = track(start, heading, length, (s) => 0.1 * cloth.field(s / 13, 5, 3));
  const end = line.at(-1)!;
  const turn = random.next() < 0.5 ? 1 : -1;
  const curl = (s: number): number => turn * (0.075 + 0.22 * cloth.field(s / 10, 2, 8));
  const loop = track([end[0], end[1]], heading + turn * 0.4, between(random, 44, 66), curl);
  const strand = (x: number, y: number): number =>
    Math.min(nearest(loop, x, y).distance, nearest(line, x, y).distance + 0.6);
  return {
    disturb(x, y, into) {
      const { distance, along } = nearest(line, x, y);
      const pull = Math.exp(-((distance / 9) ** 2)) * Math.sin(Math.PI * Math.min(1, along + 0.15));
      into.shiftY = 3.4 * pull * cloth.field(x / 15, y / 15, 12) + 1.6 * pull;
      into.shiftX = 2.6 * pull * cloth.field(x / 12, y / 12, 14);
      into.abrasion = 0.5 * Math.exp(-((distance / 3.4) ** 2));
    },
    cover(x, y, colour) {
      const shadow = 0.75 * ramp(5.2, 1.6, strand(x - 2, y - 2.6));
      const thread = ramp(2.5, 1.5, strand(x, y));
      const twist = 0.85 + 0.55 * cloth.field(x / 2, y / 2, 30);
      const pale: Colour = [0.8 * twist, 0.8 * twist, 0.76 * twist];
      return colour.map((value, i) => value * (1 - shadow) * (1 - thread) + pale[i]! * thread) as Colour;
    },
    contains: (x, y) => strand(x, y) < 4.6,
  };
}
