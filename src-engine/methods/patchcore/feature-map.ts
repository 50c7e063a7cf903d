/** Features of one image as a network gives them: channels x rows x columns. */
export interface FeatureMap {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/**
 * Mean over the 3 x 3 neighbourhood of every position (PatchCore, section 3.1): zero padding, which counts, so
 * the divisor is 9 at the border too.
 */
export function poolNeighbourhood(map: FeatureMap): FeatureMap {
  const { channels, rows, columns, data } = map;
  const pooled = new Float32Array(data.length);
  for (let c = 0; c < channels; c++) {
    const start = c * rows * columns;
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        let sum = 0;
        for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, rows - 1); ny++) {
          for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, columns - 1); nx++) {
            sum += data[start + ny * columns + nx]!;
          }
        }
        pooled[start + y * columns + x] = sum / 9;
      }
    }
  }
  return { ...map, data: pooled };
}
