import type { StudyPicture } from '../picture.ts';
import { createDefect, DEFECTS } from './defects.ts';
import { CLOTH_SIZE, drawCloth } from './picture.ts';
import { createCloth } from './weave.ts';

const TRAIN = 36;
const GOOD = 8;
const EACH_DEFECT = 5;

/** Draws the whole fabric study, picture by picture; every picture shows another piece of cloth. */
export function* drawFabricStudy(seed: number): Generator<StudyPicture> {
  const name = (index: number): string => String(index).padStart(3, '0');
  let piece = 0;
  const next = (): number => seed + 101 * ++piece;
  for (let i = 0; i < TRAIN; i++)
    yield { ...drawCloth(createCloth(next()), null), name: name(i), part: 'train' };
  for (let i = 0; i < GOOD; i++)
    yield { ...drawCloth(createCloth(next()), null), name: name(i), part: 'good' };
  for (const kind of DEFECTS) {
    for (let i = 0; i < EACH_DEFECT; i++) {
      const own = next();
      const cloth = createCloth(own);
      yield {
        ...drawCloth(cloth, createDefect(kind, cloth, CLOTH_SIZE, own + 9)),
        name: name(i),
        part: kind,
      };
    }
  }
}
