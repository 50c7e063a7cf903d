import { Failure } from '#shared/errors.ts';

/** Values of a lower triangle of `size` rows, row by row. */
export const triangleLength = (size: number): number => (size * (size + 1)) / 2;

/**
 * Cholesky factor L (A = L L^T) of a symmetric matrix, given and returned as its lower triangle row by row;
 * works in place. Throws an 'invalid' Failure when the matrix is not positive definite.
 */
export function factorise(triangle: Float64Array, size: number): Float64Array {
  for (let i = 0, rowI = 0; i < size; rowI += ++i) {
    for (let j = 0, rowJ = 0; j <= i; rowJ += ++j) {
      let sum = triangle[rowI + j]!;
      for (let k = 0; k < j; k++) sum -= triangle[rowI + k]! * triangle[rowJ + k]!;
      if (i !== j) {
        triangle[rowI + j] = sum / triangle[rowJ + j]!;
      } else if (sum > 0) {
        triangle[rowI + i] = Math.sqrt(sum);
      } else {
        throw new Failure(
          'invalid',
          'A covariance is not positive definite: it needs more data or regularisation.',
        );
      }
    }
  }
  return triangle;
}

/** |L^-1 d|^2, the squared Mahalanobis distance of a difference; `difference` is overwritten. */
export function squaredMahalanobis(factor: Float64Array, difference: Float64Array): number {
  let total = 0;
  for (let i = 0, row = 0; i < difference.length; row += ++i) {
    let sum = difference[i]!;
    for (let k = 0; k < i; k++) sum -= factor[row + k]! * difference[k]!;
    const solved = sum / factor[row + i]!;
    difference[i] = solved;
    total += solved * solved;
  }
  return total;
}

/** log det of A from its factor. */
export function logDeterminant(factor: Float64Array, size: number): number {
  let sum = 0;
  for (let i = 0, row = 0; i < size; row += ++i) sum += Math.log(factor[row + i]!);
  return 2 * sum;
}
