import { principalDirection } from './principal-component.ts';

/**
 * Rows (count x dimension, row-major) projected on their two directions of largest variance: x and y of every row. The sign
 * of a direction is free, so it is set: its largest value is positive.
 */
export function principalPlane(rows: Float32Array, count: number, dimension: number): Float32Array {
  const centred = Float64Array.from(rows);
  for (let d = 0; d < dimension; d++) {
    let sum = 0;
    for (let row = 0; row < count; row++) sum += centred[row * dimension + d]!;
    for (let row = 0; row < count; row++) centred[row * dimension + d]! -= sum / count;
  }
  const plane = new Float32Array(count * 2);
  for (const axis of [0, 1]) {
    const direction = principalDirection(centred, dimension);
    const peak = direction.reduce((best, value) => (Math.abs(value) > Math.abs(best) ? value : best), 0);
    const sign = peak < 0 ? -1 : 1;
    for (let row = 0; row < count; row++) {
      let at = 0;
      for (let d = 0; d < dimension; d++) at += centred[row * dimension + d]! * direction[d]!;
      plane[row * 2 + axis] = sign * at;
      // What is left varies in the other directions only.
      for (let d = 0; d < dimension; d++) centred[row * dimension + d]! -= at * direction[d]!;
    }
  }
  return plane;
}
