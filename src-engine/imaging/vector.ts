/** Three numbers: a place or a direction in the patient. */
export type Vector = readonly [number, number, number];

/** Null unless there are just three. */
export function vectorOf(values: readonly number[]): Vector | null {
  const [x, y, z] = values;
  return values.length === 3 && x !== undefined && y !== undefined && z !== undefined ? [x, y, z] : null;
}

export const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

export const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

/** From a place, a distance along a direction. */
export const along = ([x, y, z]: Vector, direction: Vector, distance: number): Vector => [
  x + distance * direction[0],
  y + distance * direction[1],
  z + distance * direction[2],
];

export const dividedBy = ([x, y, z]: Vector, length: number): Vector => [x / length, y / length, z / length];
