import type { PatchFeatures } from '#shared/arrays.ts';

/**
 * Mean over the 3 x 3 neighbourhood of every patch (PatchCore, section 3.1): zero padding, which counts, so the divisor is 9
 * at the border too.
 */
export function poolPatches({ rows, columns, dimension, data }: PatchFeatures): PatchFeatures {
  const pooled = new Float32Array(data.length);
  const sum = new Float64Array(dimension);
  for (let y = 0, at = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++, at += dimension) {
      sum.fill(0);
      for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, rows - 1); ny++) {
        for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, columns - 1); nx++) {
          const from = (ny * columns + nx) * dimension;
          for (let d = 0; d < dimension; d++) sum[d] = sum[d]! + data[from + d]!;
        }
      }
      for (let d = 0; d < dimension; d++) pooled[at + d] = sum[d]! / 9;
    }
  }
  return { rows, columns, dimension, data: pooled };
}
