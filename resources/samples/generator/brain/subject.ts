import { fractal, gradientNoise, type Noise } from '../noise.ts';
import { between, createRandom } from '../random.ts';

/** What makes one phantom brain differ from the next. Lengths in millimetres, intensities in grey levels. */
export interface Subject {
  readonly seed: number;
  readonly halfWidth: number;
  readonly frontLength: number;
  readonly backLength: number;
  /** Height of the vertex above the plane z = 0. */
  readonly vertex: number;
  /** In-plane tilt of the head, radians, and shift of its centre. */
  readonly tilt: number;
  readonly shiftX: number;
  readonly shiftY: number;
  /** Extra ventricle radius (atrophy widens ventricles and sulci together). */
  readonly ventricleGain: number;
  readonly sulcusGain: number;
  /** Left minus right ventricle radius. */
  readonly asymmetry: number;
  readonly whiteMatter: number;
  readonly greyMatter: number;
  readonly biasX: number;
  readonly biasY: number;
  readonly biasBowl: number;
  readonly noise: number;
  /** One unit wide features; divide coordinates by the wanted size in millimetres. */
  readonly field: Noise;
  readonly texture: Noise;
}

/** Draws a subject. @param seed any integer; equal seeds give equal subjects */
export function createSubject(seed: number): Subject {
  const random = createRandom(seed);
  const field = gradientNoise(seed + 1);
  const atrophy = random.next();
  const whiteMatter = between(random, 112, 124);
  return {
    seed,
    halfWidth: between(random, 65, 70),
    frontLength: between(random, 78, 84),
    backLength: between(random, 82, 88),
    vertex: between(random, 72, 79),
    tilt: between(random, -0.05, 0.05),
    shiftX: between(random, -2, 2),
    shiftY: between(random, -3, 3),
    ventricleGain: -0.5 + 2 * atrophy,
    sulcusGain: 0.75 + 0.5 * atrophy,
    asymmetry: between(random, -0.8, 0.8),
    whiteMatter,
    greyMatter: whiteMatter * between(random, 1.15, 1.22),
    biasX: between(random, -0.06, 0.06),
    biasY: between(random, -0.09, 0.03),
    biasBowl: between(random, 0.04, 0.11),
    noise: between(random, 3.4, 4.4),
    field,
    texture: fractal(gradientNoise(seed + 2), 3),
  };
}

/** Outer radius of the brain (mm) in direction `angle` (counter-clockwise from the picture's right) at height z. */
export function outlineRadius(subject: Subject, angle: number, z: number): number {
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const lift = Math.abs((z - 6) / (subject.vertex - 6));
  const scale = (1 - Math.min(lift, 0.99) ** 2.3) ** (1 / 2.3);
  const length = sin > 0 ? subject.frontLength : subject.backLength;
  const exponent = sin > 0 ? 2.15 : 2.35;
  const oval =
    (Math.abs(cos / subject.halfWidth) ** exponent + Math.abs(sin / length) ** exponent) ** (-1 / exponent);
  // The frontal lobes are narrower than the parietal ones; the step in front of the temporal lobes fades upwards.
  const temple = 0.055 * Math.exp(-(((Math.asin(sin) - 0.62) / 0.24) ** 2));
  const low = 1 - Math.min(Math.max((z - 4) / 22, 0), 1);
  const narrowFront = 0.035 * Math.max(sin, 0) * Math.abs(cos) * 2;
  const own = 0.02 * subject.field(cos * 1.3 + 4, sin * 1.3, z / 40);
  const gyri = 0.012 * subject.field(cos * 6, sin * 6, z / 14 + 9);
  return oval * scale * (1 - temple * low - narrowFront + own + gyri);
}
