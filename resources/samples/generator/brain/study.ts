import type { StudyPicture } from '../picture.ts';
import { between, createRandom, type Random } from '../random.ts';
import type { Lesion } from './lesions.ts';
import { drawBrainSlice } from './slice.ts';
import { createSubject } from './subject.ts';

const TRAIN_SUBJECTS = 8;
const TRAIN_LEVELS = [4, 12, 20, 28, 38, 48];
const GOOD_SUBJECTS = 3;
const GOOD_LEVELS = [8, 18, 30, 44];
const ABNORMAL = 20;

/** A single mass with oedema, as a glioma shows in FLAIR. */
function mass(random: Random, z: number, index: number): Lesion[] {
  const side = random.next() < 0.5 ? 1 : -1;
  const radius = [9, 16, 12, 20, 7, 14][index % 6]!;
  const low = z < 20;
  const anterior = between(random, -46, 44);
  const lateral = low ? between(random, 40, 48) : between(random, 24, 40);
  return [
    {
      centre: [
        side * lateral,
        Math.abs(anterior) < 14 && low ? anterior + 30 : anterior,
        z + between(random, -3, 3),
      ],
      radii: [radius * between(random, 0.8, 1.1), radius * between(random, 0.95, 1.35), radius],
      angle: between(random, -0.8, 0.8),
      roughness: between(random, 0.28, 0.48),
      contrast: between(random, 0.6, 0.9),
      oedema: between(random, 0.26, 0.42),
      reach: between(random, 0.3, 0.8),
      necrosis: radius > 11 && index % 6 === 1 ? between(random, 0.4, 0.65) : 0,
      push: radius * between(random, 0.12, 0.24),
    },
  ];
}

/** Several small foci, mostly beside the ventricles and pointing away from them, as in multiple sclerosis. */
function foci(random: Random, z: number): Lesion[] {
  const count = 3 + Math.floor(random.next() * 4);
  return Array.from({ length: count }, (_, index) => {
    const side = random.next() < 0.5 ? 1 : -1;
    const beside = index < count - 1;
    const along = between(random, -1, 1);
    const x = side * (beside ? 20 + 6 * Math.abs(along) + between(random, 0, 6) : between(random, 36, 46));
    const y = beside ? -6 + along * 38 : between(random, -40, 34);
    const size = between(random, 2.6, 5.2);
    return {
      centre: [x, y, z + between(random, -1.5, 1.5)] as const,
      radii: [size * between(random, 1, 1.7), size, size * 1.2] as const,
      angle: (side > 0 ? 0 : Math.PI) + side * along * 0.7,
      roughness: between(random, 0.1, 0.22),
      contrast: between(random, 0.6, 0.85),
      oedema: 0.12,
      reach: 0.5,
      necrosis: 0,
      push: 0,
    };
  });
}

/** Draws the whole brain study, picture by picture. Subjects of the training part never occur in the test part. */
export function* drawBrainStudy(seed: number): Generator<StudyPicture> {
  const name = (subject: number, z: number): string =>
    `subject${String(subject).padStart(2, '0')}_z${String(Math.round(z)).padStart(2, '0')}`;
  let subject = 0;
  for (let i = 0; i < TRAIN_SUBJECTS; i++) {
    const drawn = createSubject(seed + 101 * ++subject);
    for (const level of TRAIN_LEVELS) {
      const z = level + (i % 4);
      yield { ...drawBrainSlice(drawn, z, []), name: name(subject, z), part: 'train' };
    }
  }
  for (let i = 0; i < GOOD_SUBJECTS; i++) {
    const drawn = createSubject(seed + 101 * ++subject);
    for (const level of GOOD_LEVELS) {
      const z = level + i;
      yield { ...drawBrainSlice(drawn, z, []), name: name(subject, z), part: 'good' };
    }
  }
  const random = createRandom(seed + 5);
  for (let i = 0; i < ABNORMAL; i++) {
    const drawn = createSubject(seed + 101 * ++subject);
    const multiple = i % 3 === 2;
    const z = multiple ? 10 + Math.floor(random.next() * 26) : 8 + Math.floor(random.next() * 40);
    const lesions = multiple ? foci(random, z) : mass(random, z, i);
    yield { ...drawBrainSlice(drawn, z, lesions), name: name(subject, z), part: 'abnormal' };
  }
}
