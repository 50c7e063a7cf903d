/** Writes small NIfTI-1 files for tests. */

export interface NiftiOptions {
  readonly shape: readonly number[];
  readonly zooms?: readonly number[];
  /** NIfTI's code of the voxel type: 2 uint8, 4 int16, 8 int32, 16 float32, 64 float64, 128 RGB24. */
  readonly type: number;
  readonly bits: number;
  /** Little-endian, the first index fastest. */
  readonly data: Uint8Array;
  readonly slope?: number;
  readonly intercept?: number;
  /** The sform. */
  readonly affine?: readonly (readonly number[])[];
}

export function writeNifti(options: NiftiOptions): Buffer {
  const { shape, zooms = [], type, bits, data, slope = 0, intercept = 0, affine } = options;
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  header.writeInt16LE(shape.length, 40);
  for (let i = 0; i < 7; i++) header.writeInt16LE(shape[i] ?? 1, 42 + i * 2);
  header.writeInt16LE(type, 70);
  header.writeInt16LE(bits, 72);
  header.writeFloatLE(1, 76);
  for (let i = 0; i < 7; i++) header.writeFloatLE(zooms[i] ?? 1, 80 + i * 4);
  header.writeFloatLE(352, 108);
  header.writeFloatLE(slope, 112);
  header.writeFloatLE(intercept, 116);
  header[123] = 2;
  if (affine) {
    header.writeInt16LE(1, 254);
    affine.flat().forEach((value, i) => header.writeFloatLE(value, 280 + i * 4));
  }
  header.write('n+1\0', 344, 'latin1');
  return Buffer.concat([header, data]);
}
