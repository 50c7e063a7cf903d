import { fractal, gradientNoise, type Noise } from '../noise.ts';
import { between, createRandom } from '../random.ts';
import { blend, ellipsoidDistance, tube, tubeDistance, type Ellipsoid, type TubeSegment } from '../shapes.ts';
import { growVessels } from './vessels.ts';

/** What makes one phantom liver differ from the next. Lengths in millimetres, intensities in grey levels. */
export interface Subject {
  readonly seed: number;
  readonly scale: number;
  readonly tilt: number;
  readonly shiftX: number;
  readonly shiftY: number;
  readonly parenchyma: number;
  readonly vesselGain: number;
  readonly noise: number;
  readonly right: Ellipsoid;
  readonly left: readonly TubeSegment[];
  readonly caudate: Ellipsoid;
  readonly gallbladder: Ellipsoid;
  readonly stomach: Ellipsoid;
  readonly vessels: readonly TubeSegment[];
  readonly field: Noise;
  readonly texture: Noise;
}

const CAVA = tube([
  [10, -37, -90, 10],
  [9, -36, 10, 10.5],
  [6, -30, 70, 11],
]);
const KIDNEY: Ellipsoid = { centre: [-14, -72, -48], radii: [34, 36, 50], angle: 0.4 };
const SPINE: Ellipsoid = { centre: [30, -70, 0], radii: [42, 34, 300], angle: 0 };
const FISSURE = tube([
  [17, 72, -26, 2],
  [14, 46, -12, 2.6],
  [10, 20, 0, 3.4],
]);
const PORTA = tube([
  [26, -2, -22, 7],
  [8, 4, -12, 5],
  [-12, 2, -8, 3],
]);

/** Draws a subject. @param seed any integer; equal seeds give equal subjects */
export function createSubject(seed: number): Subject {
  const random = createRandom(seed);
  const size = between(random, -4, 4);
  const reach = between(random, -14, 12);
  return {
    seed,
    scale: between(random, 0.93, 1.04),
    tilt: between(random, -0.09, 0.09),
    shiftX: between(random, -4, 4),
    shiftY: between(random, -4, 4),
    parenchyma: between(random, 114, 124),
    vesselGain: between(random, 0.24, 0.34),
    noise: between(random, 4.2, 5.6),
    right: {
      centre: [-42, -2, 0],
      radii: [58 + size, 78 + between(random, -4, 4), 88],
      angle: between(random, -0.16, 0.02),
    },
    left: tube([
      [-30, 34, 0, 46],
      [12, 44, 6, 34 + size],
      [52 + reach / 2, 46, 12, 23],
      [84 + reach, 36, 16, 9],
    ]),
    caudate: { centre: [0, -12, 6], radii: [20, 17, 34], angle: 0.3 },
    gallbladder: {
      centre: [12, 16 + between(random, -4, 4), -46],
      radii: [13, 26 + between(random, -4, 3), 24],
      angle: between(random, 0.1, 0.5),
    },
    stomach: { centre: [78, -16, 0], radii: [56, 42 + between(random, -4, 6), 120], angle: -0.25 },
    vessels: growVessels(seed + 3),
    field: gradientNoise(seed + 1),
    texture: fractal(gradientNoise(seed + 2), 3, 0.6),
  };
}

/** Distances at one point, millimetres, negative inside. */
export interface LiverTissue {
  surface: number;
  cava: number;
  gallbladder: number;
  fissure: number;
}

/** Cuts shape `b` out of shape `a` with an edge rounded over `softness` millimetres. */
const carve = (a: number, b: number, softness: number): number => -blend(-a, b, softness);

/** Fills `into` with the anatomy at liver coordinates (mm; x to the picture's right, y anterior, z upwards). */
export function liverTissue(subject: Subject, x: number, y: number, z: number, into: LiverTissue): void {
  const wobble = 3.2;
  const jx = x + wobble * subject.field(x / 42, y / 42, z / 60);
  const jy = y + wobble * subject.field(x / 42 + 31, y / 42, z / 60);
  const dome = Math.max(0, z - 30) / 60;
  const whole = blend(
    ellipsoidDistance(subject.right, jx, jy, z),
    tubeDistance(subject.left, jx, jy, z * 0.62 + 5) + 16 * dome,
    26,
  );
  into.cava = tubeDistance(CAVA, jx, jy, z);
  into.gallbladder = ellipsoidDistance(subject.gallbladder, jx, jy, z);
  let surface = carve(whole, ellipsoidDistance(SPINE, jx, jy, z), 16);
  surface = carve(surface, ellipsoidDistance(subject.stomach, jx, jy, z), 18);
  surface = carve(surface, ellipsoidDistance(KIDNEY, jx, jy, z), 14);
  surface = carve(surface, into.gallbladder, 4);
  surface = blend(surface, ellipsoidDistance(subject.caudate, jx, jy, z), 8);
  into.fissure = Math.min(tubeDistance(FISSURE, jx, jy, z), tubeDistance(PORTA, jx, jy, z));
  into.surface = carve(surface, into.cava - 1, 5) + 0.7 * subject.field(x / 9, y / 9, z / 20 + 8);
}
