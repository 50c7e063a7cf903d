/**
 * How the axes of a volume lie in the body, and the slices people look at. Pure. Directions are those of NIfTI: x to the
 * patient's right hand is negative in DICOM and positive here; +x = right, +y = anterior, +z = superior.
 */
import type { EdgeLetters, Plane } from '#shared/acquisition.ts';

type Vector = readonly [number, number, number];

/** Letters of NIfTI axes, towards the positive end and the negative one. */
const axisLetters = ['RL', 'AP', 'SI'] as const;
/** The same directions on screen, where DICOM's words are used: head and feet. */
const edgeLetters = ['RL', 'AP', 'HF'] as const;

/** One voxel axis: which world axis it is nearest to, and whether it runs towards its positive end. */
export interface VoxelAxis {
  readonly world: 0 | 1 | 2;
  readonly forward: boolean;
}

/** Voxel axes i, j, k matched to world axes, each world axis once (as nibabel's `io_orientation`, for unsheared affines). */
export function voxelAxes(
  affine: readonly (readonly number[])[],
): readonly [VoxelAxis, VoxelAxis, VoxelAxis] {
  const taken = new Set<number>();
  const axisOf = (column: number): VoxelAxis => {
    const length = Math.hypot(...affine.map((row) => row[column] ?? 0)) || 1;
    const direction = affine.map((row) => (row[column] ?? 0) / length);
    let world = -1;
    for (let axis = 0; axis < 3; axis++) {
      if (taken.has(axis)) continue;
      if (world < 0 || Math.abs(direction[axis]!) > Math.abs(direction[world]!)) world = axis;
    }
    taken.add(world);
    return { world: world as 0 | 1 | 2, forward: direction[world]! >= 0 };
  };
  return [axisOf(0), axisOf(1), axisOf(2)];
}

/** e.g. "LAS": the directions in which i, j and k grow. */
export const axisCodes = (axes: readonly VoxelAxis[]): string =>
  axes.map(({ world, forward }) => axisLetters[world][forward ? 0 : 1]).join('');

/** World axes of a plane: across the picture, down the picture, through the slices. */
const planes: Readonly<Record<Plane, { across: 0 | 1 | 2; down: 0 | 1 | 2; through: 0 | 1 | 2 }>> = {
  axial: { across: 0, down: 1, through: 2 },
  coronal: { across: 0, down: 2, through: 1 },
  sagittal: { across: 1, down: 2, through: 0 },
};

/** A walk along one voxel axis: `start + step x n` is the flat index of its n-th place. */
export interface AxisWalk {
  readonly axis: 0 | 1 | 2;
  readonly length: number;
  readonly start: number;
  readonly step: number;
}

/** How to take slices of a plane out of a volume whose first index runs fastest. */
export interface SliceWalk {
  readonly columns: AxisWalk;
  readonly rows: AxisWalk;
  readonly slices: AxisWalk;
}

/**
 * Slices as radiologists look at them: the patient's right on the left of the picture, or the face on the left in sagittal
 * ones; anterior, or the head, at the top. Slice 0 is the lowest, the hindmost, the leftmost.
 */
export function sliceWalk(axes: readonly VoxelAxis[], shape: readonly number[], plane: Plane): SliceWalk {
  const strides = [1, shape[0] ?? 1, (shape[0] ?? 1) * (shape[1] ?? 1)];
  const walk = (world: number, forward: boolean): AxisWalk => {
    const axis = axes.findIndex((one) => one.world === world) as 0 | 1 | 2;
    const length = shape[axis] ?? 1;
    const stride = strides[axis]!;
    return axes[axis]!.forward === forward
      ? { axis, length, start: 0, step: stride }
      : { axis, length, start: stride * (length - 1), step: -stride };
  };
  const { across, down, through } = planes[plane];
  return { columns: walk(across, false), rows: walk(down, false), slices: walk(through, true) };
}

/** The body's direction a world vector points to: up to three letters, the strongest first; those below 5 % are left out. */
export function directionLetters(direction: Vector): string {
  return [0, 1, 2]
    .filter((axis) => Math.abs(direction[axis]!) > 0.05)
    .sort((a, b) => Math.abs(direction[b]!) - Math.abs(direction[a]!))
    .map((axis) => edgeLetters[axis]![direction[axis]! > 0 ? 0 : 1])
    .join('');
}

/** Letters at the edges of a picture, from the unit vectors along its rows and down its columns. */
export function edgesOf(across: Vector, down: Vector): EdgeLetters {
  const opposite = ([x, y, z]: Vector): Vector => [-x, -y, -z];
  return {
    left: directionLetters(opposite(across)),
    right: directionLetters(across),
    top: directionLetters(opposite(down)),
    bottom: directionLetters(down),
  };
}

/** The plane a slice with this normal is nearest to, and the angle between both in degrees (a tenth). */
export function planeOf(normal: Vector): { plane: Plane; tilt: number } {
  const [sagittal, coronal, axial] = normal.map(Math.abs) as [number, number, number];
  const largest = Math.max(sagittal, coronal, axial);
  const plane: Plane = largest === axial ? 'axial' : largest === coronal ? 'coronal' : 'sagittal';
  const tilt = (Math.acos(Math.min(1, largest)) * 180) / Math.PI;
  return { plane, tilt: Math.round(tilt * 10) / 10 };
}
