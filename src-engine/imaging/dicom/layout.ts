import { refuse } from '../refusals.ts';
import { code, tags, unsignedShort } from './attributes.ts';
import type { DicomFile } from './parse.ts';

/** How the pixels of a file are laid out (PS3.3 C.7.6.3). */
export interface ImageLayout {
  readonly rows: number;
  readonly columns: number;
  readonly frames: number;
  readonly samples: 1 | 3;
  readonly photometric: string;
  /** Plane after plane instead of colours side by side. */
  readonly planar: boolean;
  readonly bitsAllocated: 1 | 8 | 16 | 32 | 64;
  readonly bitsStored: number;
  readonly highBit: number;
  readonly signed: boolean;
  readonly kind: 'integer' | 'float';
}

const maxFrames = 100_000;

/** @throws Failure 'unreadable' where there is no image, or one that no array can hold. */
export function readLayout({ dataSet, name }: DicomFile): ImageLayout {
  const floats = dataSet.elements[tags.floatPixelData] ?? dataSet.elements[tags.doublePixelData];
  if (!dataSet.elements[tags.pixelData] && !floats) throw refuse(name, noImage(code(dataSet, tags.modality)));
  const rows = unsignedShort(dataSet, tags.rows);
  const columns = unsignedShort(dataSet, tags.columns);
  if (!rows || !columns) {
    throw refuse(name, `its header declares an image of ${columns ?? 'no'} columns and ${rows ?? 'no'} rows`);
  }
  const frames = Number(code(dataSet, tags.frames) ?? 1);
  if (!Number.isInteger(frames) || frames < 1 || frames > maxFrames) {
    throw refuse(name, `its header declares "${code(dataSet, tags.frames)}" as the number of frames`);
  }
  const samples = unsignedShort(dataSet, tags.samplesPerPixel) ?? 1;
  if (samples !== 1 && samples !== 3) {
    throw refuse(name, `it has ${samples} samples a pixel; 1 (grey) and 3 (colour) are supported`);
  }
  const kind = floats ? 'float' : 'integer';
  const bitsAllocated = floats
    ? dataSet.elements[tags.floatPixelData]
      ? 32
      : 64
    : unsignedShort(dataSet, tags.bitsAllocated);
  if (
    bitsAllocated !== 1 &&
    bitsAllocated !== 8 &&
    bitsAllocated !== 16 &&
    bitsAllocated !== 32 &&
    bitsAllocated !== 64
  ) {
    throw refuse(name, `it has ${bitsAllocated ?? 'no'} bits a sample; 1, 8, 16 and 32 are supported`);
  }
  if (bitsAllocated === 64 && kind === 'integer')
    throw refuse(name, '64-bit integer samples are not supported');
  const bitsStored = Math.min(unsignedShort(dataSet, tags.bitsStored) || bitsAllocated, bitsAllocated);
  const highBit = unsignedShort(dataSet, tags.highBit) ?? bitsStored - 1;
  if (highBit >= bitsAllocated || highBit < bitsStored - 1) {
    throw refuse(name, `its header is contradictory: high bit ${highBit} of ${bitsStored} bits stored`);
  }
  return {
    rows,
    columns,
    frames,
    samples,
    photometric: code(dataSet, tags.photometric) ?? (samples === 3 ? 'RGB' : 'MONOCHROME2'),
    planar: samples === 3 && unsignedShort(dataSet, tags.planarConfiguration) === 1,
    bitsAllocated,
    bitsStored,
    highBit,
    signed: unsignedShort(dataSet, tags.pixelRepresentation) === 1,
    kind,
  };
}

/** Kinds of documents that have no pixels, by their modality. */
const documents: Readonly<Record<string, string>> = {
  RTPLAN: 'a radiotherapy plan',
  RTSTRUCT: 'a set of radiotherapy structures',
  RTRECORD: 'a radiotherapy treatment record',
  SR: 'a structured report',
  PR: 'a presentation state',
  KO: 'a key object selection',
  DOC: 'a document',
  REG: 'a registration',
  ECG: 'an electrocardiogram',
  AU: 'a sound recording',
  PLAN: 'a plan',
};

function noImage(modality: string | undefined): string {
  const document = modality === undefined ? undefined : documents[modality];
  return document === undefined ? 'it holds no image' : `it is ${document} and holds no image`;
}
