import { drawBrainStudy } from './brain/study.ts';
import { drawFabricStudy } from './fabric/study.ts';
import { drawLiverStudy } from './liver/study.ts';
import type { StudyPicture } from './picture.ts';

/** One sample study: what people read about it and how it is drawn. */
export interface SampleStudy {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly layout: 'bmad' | 'mvtec';
  /** Settings that suit it. */
  readonly suggested: { readonly k: number; readonly size: number; readonly foreground: 'nonzero' | 'all' };
  /** Pictures that show what the sample is, as `part/name`. */
  readonly cover: readonly string[];
  draw(seed: number): Iterable<StudyPicture>;
}

/** Seed of every study. Another seed gives other subjects, and other figures in the documentation. */
export const SEED = 20_260_101;

export const NOTE = 'Synthetic phantom made by a script; not patient data';

export const STUDIES: readonly SampleStudy[] = [
  {
    id: 'brain-flair-phantom',
    title: 'Brain FLAIR phantom',
    description:
      'Axial FLAIR-like brain slices of 31 synthetic subjects with single masses and small multiple foci.',
    layout: 'bmad',
    suggested: { k: 2, size: 448, foreground: 'nonzero' },
    cover: ['abnormal/0', 'train/2', 'abnormal/2', 'train/13'],
    draw: drawBrainStudy,
  },
  {
    id: 'liver-ct-phantom',
    title: 'Liver CT phantom',
    description:
      'Axial CT-like slices of 31 synthetic livers, cut out of the abdomen, with bright, ring-shaped, cystic and faint lesions.',
    layout: 'bmad',
    suggested: { k: 2, size: 448, foreground: 'nonzero' },
    cover: ['abnormal/0', 'train/1', 'abnormal/1', 'train/7'],
    draw: drawLiverStudy,
  },
  {
    id: 'denim-fabric',
    title: 'Denim fabric',
    description: 'Close-up photographs of synthetic denim with holes, scratches, stains and pulled threads.',
    layout: 'mvtec',
    suggested: { k: 2, size: 448, foreground: 'all' },
    cover: ['hole/0', 'train/0', 'stain/0', 'thread_pull/0'],
    draw: drawFabricStudy,
  },
];
