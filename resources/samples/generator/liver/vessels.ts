import { between, createRandom, type Random } from '../random.ts';
import type { Point, TubeSegment } from '../shapes.ts';

interface Stem {
  readonly from: Point;
  readonly towards: Point;
  readonly radius: number;
}

/** Hepatic veins drain upwards into the vena cava; portal branches spread from the porta hepatis. */
const STEMS: readonly Stem[] = [
  { from: [2, -26, 52], towards: [-86, 4, -12], radius: 5 },
  { from: [4, -22, 54], towards: [-26, 70, -20], radius: 5 },
  { from: [8, -20, 54], towards: [66, 58, 6], radius: 4.4 },
  { from: [12, -2, -12], towards: [-70, 22, -26], radius: 6.5 },
  { from: [-14, 4, -14], towards: [-74, -46, -24], radius: 5 },
  { from: [-12, 4, -13], towards: [-62, 34, 44], radius: 4.6 },
  { from: [-16, 2, -12], towards: [-58, -40, 40], radius: 4.4 },
  { from: [10, 0, -10], towards: [16, 42, 4], radius: 5.4 },
  { from: [15, 40, 4], towards: [76, 48, 16], radius: 3.8 },
  { from: [15, 40, 2], towards: [-8, 74, -6], radius: 3.2 },
];

const STRIDE = 7;
const THINNEST = 0.9;

function subtract(a: Point, b: Point): Point {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function unit(a: Point): Point {
  const length = Math.hypot(...a);
  return [a[0] / length, a[1] / length, a[2] / length];
}

function bend(random: Random, direction: Point, pull: Point, amount: number): Point {
  return unit([
    direction[0] + 0.22 * pull[0] + between(random, -amount, amount),
    direction[1] + 0.22 * pull[1] + between(random, -amount, amount),
    direction[2] + 0.22 * pull[2] + between(random, -amount, amount),
  ]);
}

/** Grows both vessel trees of a liver as tube segments (mm). Equal seeds give equal trees. */
export function growVessels(seed: number): TubeSegment[] {
  const random = createRandom(seed);
  const segments: TubeSegment[] = [];

  const grow = (from: Point, towards: Point, radius: number, length: number, order: number): void => {
    let at = from;
    let direction = unit(subtract(towards, from));
    let width = radius;
    const steps = Math.max(2, Math.round(length / STRIDE));
    for (let step = 0; step < steps; step++) {
      direction = bend(random, direction, unit(subtract(towards, at)), 0.24);
      const next: Point = [
        at[0] + direction[0] * STRIDE,
        at[1] + direction[1] * STRIDE,
        at[2] + direction[2] * STRIDE,
      ];
      const thinner = Math.max(width * 0.93, THINNEST);
      segments.push({ from: at, to: next, fromRadius: width, toRadius: thinner });
      at = next;
      width = thinner;
      if (order < 3 && step > 0 && random.next() < 0.55 && width > 1.1) {
        const aside = bend(random, direction, direction, 1.1);
        const reach = length * between(random, 0.35, 0.6);
        const aim: Point = [at[0] + aside[0] * reach, at[1] + aside[1] * reach, at[2] + aside[2] * reach];
        grow(at, aim, width * between(random, 0.5, 0.72), reach, order + 1);
      }
    }
  };

  for (const stem of STEMS) {
    const towards: Point = [
      stem.towards[0] + between(random, -9, 9),
      stem.towards[1] + between(random, -9, 9),
      stem.towards[2] + between(random, -9, 9),
    ];
    grow(
      stem.from,
      towards,
      stem.radius * between(random, 0.85, 1.1),
      Math.hypot(...subtract(towards, stem.from)),
      0,
    );
  }
  return segments;
}

/** Only the segments that come near the slice at height z. */
export function vesselsNear(segments: readonly TubeSegment[], z: number): TubeSegment[] {
  return segments.filter(({ from, to, fromRadius }) => {
    const margin = fromRadius + 2;
    return Math.min(from[2], to[2]) - margin < z && Math.max(from[2], to[2]) + margin > z;
  });
}
