import { type NIFTI1, type NIFTI2, readHeader } from 'nifti-reader-js';
import { refuse } from '../refusals.ts';
import {
  type Affine,
  guessedAffine,
  shortest,
  type VolumeHeader,
  type VoxelType,
} from '../volumes/volume-header.ts';

export interface NiftiHeader extends VolumeHeader {
  /** Header and data are two files. */
  readonly isPair: boolean;
}

/** The first bytes hold all of the header, of either version. */
export const headerLength = 540;

const voxelTypes: Readonly<Record<number, VoxelType>> = {
  2: { name: 'uint8', bytes: 1, channels: 1 },
  4: { name: 'int16', bytes: 2, channels: 1 },
  8: { name: 'int32', bytes: 4, channels: 1 },
  16: { name: 'float32', bytes: 4, channels: 1 },
  64: { name: 'float64', bytes: 8, channels: 1 },
  128: { name: 'uint8', bytes: 1, channels: 3 },
  256: { name: 'int8', bytes: 1, channels: 1 },
  512: { name: 'uint16', bytes: 2, channels: 1 },
  768: { name: 'uint32', bytes: 4, channels: 1 },
  1024: { name: 'int64', bytes: 8, channels: 1 },
  1280: { name: 'uint64', bytes: 8, channels: 1 },
  2304: { name: 'uint8', bytes: 1, channels: 4 },
};

const unsupportedTypes: Readonly<Record<number, string>> = {
  1: '1-bit voxels',
  32: 'complex voxels',
  1536: '128-bit float voxels',
  1792: 'complex voxels',
  2048: 'complex voxels',
};

/** Millimetres a unit of `xyzt_units`. */
const millimetres: Readonly<Record<number, number>> = { 1: 1000, 3: 0.001 };

/** Whether a file is NIfTI, by its start; `.hdr` of a pair too. */
export function isNifti(head: Uint8Array): boolean {
  const letters = (from: number) => String.fromCharCode(...head.subarray(from, from + 4));
  return ['n+1\0', 'ni1\0'].includes(letters(344)) || ['n+2\0', 'ni2\0'].includes(letters(4));
}

/**
 * The header of a NIfTI-1 or NIfTI-2 file, checked.
 * @param head the first `headerLength` bytes, or all of a shorter file
 * @throws Failure 'unreadable' that names what is wrong.
 */
export function readNiftiHeader(head: Uint8Array, name: string): NiftiHeader {
  if (head.length === 0) throw refuse(name, 'the file is empty');
  if (!isNifti(head)) throw refuse(name, 'it is not a NIfTI file: its magic letters are missing');
  const header = parse(head, name);
  const version = head[4] === 0x6e ? 2 : 1;
  const shape = shapeOf(header, name);
  const type = voxelTypes[header.datatypeCode];
  if (!type) {
    const kind = unsupportedTypes[header.datatypeCode] ?? `voxels of type ${header.datatypeCode}`;
    throw refuse(name, `${kind} are not supported`);
  }
  const isPair = header.magic.startsWith('ni');
  const minimum = isPair ? 0 : version === 1 ? 352 : 544;
  const dataOffset = Math.max(header.vox_offset, minimum);
  if (!Number.isSafeInteger(dataOffset)) throw refuse(name, 'its header says no valid place of the data');
  const hasScale = Number.isFinite(header.scl_slope) && header.scl_slope !== 0;
  const unit = millimetres[header.xyzt_units & 7] ?? 1;
  const zooms = shape.map((_, axis) => shortest(Math.abs(header.pixDims[axis + 1] ?? 1) || 1));
  return {
    littleEndian: header.littleEndian,
    isPair,
    shape,
    type,
    dataOffset,
    zooms,
    slope: hasScale ? header.scl_slope : 1,
    intercept: hasScale && Number.isFinite(header.scl_inter) ? header.scl_inter : 0,
    affine: scaled(affineOf(head, header, version, shape), unit),
    isOriented: header.sform_code > 0 || header.qform_code > 0,
  };
}

function parse(head: Uint8Array, name: string): NIFTI1 | NIFTI2 {
  // Without the extension flags behind the header, which the reader would follow over the end.
  const copy = new Uint8Array(headerLength + 12);
  copy.set(head.subarray(0, headerLength));
  if (head[4] !== 0x6e) copy.fill(0, 348);
  try {
    const header = readHeader(copy.buffer, true);
    if (header) return header;
  } catch (error) {
    throw refuse(name, 'its NIfTI header is damaged', error);
  }
  throw refuse(name, 'its NIfTI header is damaged');
}

function shapeOf({ dims }: NIFTI1 | NIFTI2, name: string): number[] {
  const count = dims[0] ?? 0;
  if (!(count >= 1 && count <= 7)) throw refuse(name, `its header declares ${count} dimensions`);
  const shape = dims.slice(1, count + 1);
  if (shape.some((extent) => !Number.isInteger(extent) || extent < 1)) {
    throw refuse(name, `its header declares the impossible size ${shape.join(' x ')}`);
  }
  return shape;
}

/** The sform where there is one, else the qform, else the voxel size alone, centred: the order nibabel takes them in. */
function affineOf(
  head: Uint8Array,
  header: NIFTI1 | NIFTI2,
  version: 1 | 2,
  shape: readonly number[],
): Affine {
  if (header.sform_code > 0) return sform(head, header.littleEndian, version);
  const [x, y, z] = [1, 2, 3].map((axis) => Math.abs(header.pixDims[axis] ?? 1) || 1) as [
    number,
    number,
    number,
  ];
  if (header.qform_code > 0) return qform(header, [x, y, z]);
  return guessedAffine(shape, [x, y, z]);
}

/** srow_x, srow_y, srow_z; read here because the reader keeps them only where it prefers them to the qform. */
function sform(head: Uint8Array, littleEndian: boolean, version: 1 | 2): Affine {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const row = (index: number) =>
    Array.from({ length: 4 }, (_, column) =>
      version === 1
        ? view.getFloat32(280 + (index * 4 + column) * 4, littleEndian)
        : view.getFloat64(400 + (index * 4 + column) * 8, littleEndian),
    );
  return [row(0), row(1), row(2)];
}

/** The rotation of a unit quaternion, method 2 of nifti1.h. */
function qform(header: NIFTI1 | NIFTI2, [x, y, z]: readonly [number, number, number]): Affine {
  const { quatern_b: b, quatern_c: c, quatern_d: d } = header;
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const handedness = (header.pixDims[0] ?? 1) < 0 ? -1 : 1;
  const depth = z * handedness;
  return [
    [
      (a * a + b * b - c * c - d * d) * x,
      2 * (b * c - a * d) * y,
      2 * (b * d + a * c) * depth,
      header.qoffset_x,
    ],
    [
      2 * (b * c + a * d) * x,
      (a * a + c * c - b * b - d * d) * y,
      2 * (c * d - a * b) * depth,
      header.qoffset_y,
    ],
    [
      2 * (b * d - a * c) * x,
      2 * (c * d + a * b) * y,
      (a * a + d * d - b * b - c * c) * depth,
      header.qoffset_z,
    ],
  ];
}

function scaled([x, y, z]: Affine, unit: number): Affine {
  const row = (values: readonly number[]) => values.map((value) => value * unit);
  return [row(x), row(y), row(z)];
}
