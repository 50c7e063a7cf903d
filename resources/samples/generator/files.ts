import sharp, { type Sharp } from 'sharp';
import type { Picture, StudyPicture } from './picture.ts';
import type { SampleStudy } from './studies.ts';

/** A file of a sample study, its path below the study's folder. */
export interface SampleFile {
  readonly path: string;
  readonly bytes: Buffer;
}

const PNG = { compressionLevel: 9, effort: 10 } as const;
/** Colour in full resolution: defects of single threads survive. */
const JPEG = { quality: 90, chromaSubsampling: '4:4:4' } as const;

function raw(pixels: Uint8Array, { width, height }: Picture, channels: 1 | 3): Sharp {
  return sharp(pixels, { raw: { width, height, channels } });
}

const png = (pixels: Uint8Array, picture: Picture): Promise<Buffer> =>
  raw(pixels, picture, 1).toColourspace('b-w').png(PNG).toBuffer();

/** Where a picture lies in the folders of BMAD; masks carry the name of their image. */
async function bmadFiles(picture: StudyPicture): Promise<SampleFile[]> {
  const image = await png(picture.pixels, picture);
  const name = `${picture.name}.png`;
  if (picture.part === 'train') return [{ path: `train/good/${name}`, bytes: image }];
  const folder = picture.part === 'good' ? 'test/good' : 'test/Ungood';
  return [
    { path: `${folder}/img/${name}`, bytes: image },
    { path: `${folder}/label/${name}`, bytes: await png(picture.mask, picture) },
  ];
}

/** Where a picture lies in the folders of MVTec AD; normal pictures have no mask. */
async function mvtecFiles(picture: StudyPicture): Promise<SampleFile[]> {
  const { part, name } = picture;
  const bytes = await raw(picture.pixels, picture, picture.channels).jpeg(JPEG).toBuffer();
  if (part === 'train') return [{ path: `train/good/${name}.jpg`, bytes }];
  const image = { path: `test/${part}/${name}.jpg`, bytes };
  if (part === 'good') return [image];
  return [image, { path: `ground_truth/${part}/${name}_mask.png`, bytes: await png(picture.mask, picture) }];
}

/** The files of one picture, its image first. */
export function filesOf(study: SampleStudy, picture: StudyPicture): Promise<SampleFile[]> {
  return study.layout === 'bmad' ? bmadFiles(picture) : mvtecFiles(picture);
}
