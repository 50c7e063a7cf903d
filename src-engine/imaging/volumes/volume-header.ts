/** Rows of the matrix that takes voxel indices (i, j, k, 1) to millimetres (x to the right, y forward, z up). */
export type Affine = readonly [readonly number[], readonly number[], readonly number[]];

export interface VoxelType {
  /** NumPy's name of one sample. */
  readonly name: string;
  readonly bytes: 1 | 2 | 4 | 8;
  readonly channels: 1 | 3 | 4;
}

/** What volumes of every format say of themselves. */
export interface VolumeHeader {
  readonly littleEndian: boolean;
  /** As NumPy sees the file: i, j, k, then time and what else there may be. */
  readonly shape: readonly number[];
  readonly type: VoxelType;
  readonly dataOffset: number;
  readonly zooms: readonly number[];
  readonly slope: number;
  readonly intercept: number;
  readonly affine: Affine;
  /** Whether the file says how it lies; without that, the affine is only a guess from the voxel size. */
  readonly isOriented: boolean;
}

export interface VolumeFile {
  readonly format: 'NIfTI' | 'NRRD' | 'MetaImage';
  readonly name: string;
  readonly header: VolumeHeader;
  /** Where the voxels are: the file itself, or another one that belongs to it. */
  readonly dataPath: string;
  /** Where compressed data begin in that file, if not with its first byte; `dataOffset` counts in what comes out of them. */
  readonly packedFrom?: number;
}

/** A float32 as a person would write it: 2.2, not 2.200000047683716. */
export const shortest = (value: number): number => Number(value.toPrecision(7));

/** Of a file that says no more than its voxel size: the first axis is taken to run to the left, as Analyze files do. */
export function guessedAffine(
  shape: readonly number[],
  [x, y, z]: readonly [number, number, number],
): Affine {
  const centre = (axis: number, zoom: number) => (-zoom * ((shape[axis] ?? 1) - 1)) / 2;
  return [
    [-x, 0, 0, -centre(0, x)],
    [0, y, 0, centre(1, y)],
    [0, 0, z, centre(2, z)],
  ];
}
