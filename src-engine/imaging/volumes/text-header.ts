import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { refuse } from '../refusals.ts';
import { shortest, type VolumeHeader, type VoxelType } from './volume-header.ts';

/** Headers of NRRD and MetaImage files are text; those of diffusion scans list hundreds of directions. */
export const textHeaderLength = 2 ** 18;

/** What both formats say of a volume once their words are understood, in LPS or RAS millimetres. */
export interface TextHeader {
  readonly littleEndian: boolean;
  readonly sizes: readonly number[];
  readonly type: VoxelType;
  readonly dataOffset: number;
  /** Along i, j and k, in millimetres; null where the file only says how far apart voxels are. */
  readonly directions: readonly (readonly number[])[] | null;
  readonly spacings: readonly number[];
  readonly origin: readonly number[];
  /** Of the axes of its space against right, forward and up. */
  readonly signs: readonly [1 | -1, 1 | -1, 1 | -1];
}

export function volumeHeader(text: TextHeader, name: string): VolumeHeader {
  const { sizes, directions, spacings, origin, signs, littleEndian, type, dataOffset } = text;
  if (sizes.length < 2 || sizes.length > 7 || sizes.some((size) => !Number.isInteger(size) || size < 1))
    throw refuse(name, `its header declares the impossible size ${sizes.join(' x ')}`);
  // A single picture is a volume of one slice.
  const shape = sizes.length === 2 ? [...sizes, 1] : [...sizes];
  const axes = [0, 1, 2].map((axis) => directions?.[axis] ?? unit(axis, spacings[axis] ?? 1));
  if (axes.some((axis) => !(Math.hypot(...axis) > 0))) throw refuse(name, 'its axes have no direction');
  const row = (at: 0 | 1 | 2) =>
    [...axes.map((axis) => axis[at] ?? 0), origin[at] ?? 0].map((value) => value * signs[at] || 0);
  return {
    littleEndian,
    shape,
    type,
    dataOffset,
    zooms: shape.map((_, axis) => shortest(axis < 3 ? Math.hypot(...axes[axis]!) : (spacings[axis] ?? 1))),
    slope: 1,
    intercept: 0,
    affine: [row(0), row(1), row(2)],
    isOriented: directions !== null,
  };
}

const unit = (axis: number, length: number): number[] =>
  [0, 1, 2].map((at) => (at === axis ? Math.abs(length) || 1 : 0));

/** Another file that a header names; only ever one beside it, whatever the header says. */
export function besideHeader(path: string, named: string, name: string): string {
  if (named !== basename(named) || /%|^list\b/i.test(named))
    throw refuse(name, `its data lie in "${named}"; only one file in the same folder is supported`);
  const beside = join(dirname(path), named);
  if (!existsSync(beside)) throw refuse(name, `the file ${named} that belongs to this header is missing`);
  return beside;
}

/** Numbers between spaces, commas and brackets; NaN for what is none. */
export const numbersIn = (text: string): number[] =>
  text
    .split(/[\s,()]+/)
    .filter(Boolean)
    .map(Number);
