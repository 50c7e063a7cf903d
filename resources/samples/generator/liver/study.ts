import type { StudyPicture } from '../picture.ts';
import { between, createRandom, type Random } from '../random.ts';
import type { Lesion } from './lesions.ts';
import { drawLiverSlice } from './slice.ts';
import { createSubject } from './subject.ts';

const TRAIN_SUBJECTS = 8;
const TRAIN_LEVELS = [-30, -14, 2, 18, 34];
const GOOD_SUBJECTS = 3;
const GOOD_LEVELS = [-22, 4, 28];
const ABNORMAL = 20;

type Spot = readonly [x: number, y: number];

/** Places well inside the liver at every level in use. */
const SPOTS: readonly Spot[] = [
  [-58, 10],
  [-70, -22],
  [-46, -38],
  [-36, 40],
  [-60, 34],
  [-30, 16],
  [34, 52],
];

/** `count` places at least `apart` millimetres from each other, or fewer where there is no room. */
function places(random: Random, count: number, apart: number): Spot[] {
  const chosen: Spot[] = [];
  for (let attempt = 0; attempt < 60 && chosen.length < count; attempt++) {
    const [x, y] = SPOTS[random.integer(SPOTS.length)]!;
    const spot: Spot = [x + between(random, -7, 7), y + between(random, -7, 7)];
    if (chosen.every((other) => Math.hypot(other[0] - spot[0], other[1] - spot[1]) >= apart))
      chosen.push(spot);
  }
  return chosen;
}

/** Bright all over, bright around a dead centre, dark and sharp, or dark and hardly bounded. */
type LesionKind = 'hypervascular' | 'necrotic' | 'cyst' | 'faint';

function lesion(random: Random, [x, y]: Spot, z: number, radius: number, kind: LesionKind): Lesion {
  const shape = {
    centre: [x, y, z + between(random, -2, 2)] as const,
    radii: [radius * between(random, 0.85, 1.2), radius * between(random, 0.85, 1.2), radius] as const,
    angle: between(random, -1.5, 1.5),
  };
  if (kind === 'cyst') {
    return { ...shape, roughness: 0.06, contrast: -0.72, rim: 0, centreContrast: 0, edge: 0.08 };
  }
  if (kind === 'faint') {
    return { ...shape, roughness: 0.24, contrast: -0.36, rim: 0, centreContrast: 0, edge: 0.3 };
  }
  if (kind === 'hypervascular') {
    const contrast = between(random, 0.65, 0.85);
    return { ...shape, roughness: 0.24, contrast, rim: 0, centreContrast: -0.5, edge: 0.14 };
  }
  const contrast = between(random, 0.3, 0.45);
  const rim = between(random, 0.3, 0.45);
  return { ...shape, roughness: 0.28, contrast, rim, centreContrast: -0.85, edge: 0.14 };
}

function kindOf(index: number): LesionKind {
  if (index % 10 === 9) return 'faint';
  if (index % 6 === 4) return 'cyst';
  return index % 2 === 1 ? 'hypervascular' : 'necrotic';
}

function lesions(random: Random, z: number, index: number): Lesion[] {
  if (index % 6 === 2) {
    return places(random, 3, 34).map((spot) => lesion(random, spot, z, between(random, 7, 12), 'necrotic'));
  }
  const radius = [17, 11, 22, 9, 14][index % 5]!;
  return places(random, 1, 0).map((spot) => lesion(random, spot, z, radius, kindOf(index)));
}

/** Draws the whole liver study, picture by picture. Subjects of the training part never occur in the test part. */
export function* drawLiverStudy(seed: number): Generator<StudyPicture> {
  const name = (subject: number, z: number): string =>
    `subject${String(subject).padStart(2, '0')}_z${String(Math.round(z + 60)).padStart(3, '0')}`;
  let subject = 0;
  for (let i = 0; i < TRAIN_SUBJECTS; i++) {
    const drawn = createSubject(seed + 101 * ++subject);
    for (const level of TRAIN_LEVELS) {
      const z = level + 2 * (i % 4);
      yield { ...drawLiverSlice(drawn, z, []), name: name(subject, z), part: 'train' };
    }
  }
  for (let i = 0; i < GOOD_SUBJECTS; i++) {
    const drawn = createSubject(seed + 101 * ++subject);
    for (const level of GOOD_LEVELS) {
      const z = level + 3 * i;
      yield { ...drawLiverSlice(drawn, z, []), name: name(subject, z), part: 'good' };
    }
  }
  const random = createRandom(seed + 5);
  for (let i = 0; i < ABNORMAL; i++) {
    const drawn = createSubject(seed + 101 * ++subject);
    const z = -26 + random.integer(60);
    yield { ...drawLiverSlice(drawn, z, lesions(random, z, i)), name: name(subject, z), part: 'abnormal' };
  }
}
