/** Float32 matrices to int8, one scale a column. */

import type { Tensor } from '../onnx/tensors.ts';
import { collect } from './fold.ts';
import type { Parameter } from './parameters.ts';

/**
 * Seven bits, not eight: processors without VNNI add two products of uint8 and int8 in 16 bits and clip the sum, which would
 * give other features there. With 64 as the largest weight the sum cannot reach the limit (2 * 255 * 64 < 2^15).
 */
const LARGEST = 64;

/** [inputs, outputs] as integers, symmetric around 0, and the scale of every output: value = integer * scale. */
export function quantised(matrix: Parameter): { readonly integers: Tensor; readonly scale: Tensor } {
  const [rows, columns] = matrix.shape as readonly [number, number];
  return {
    integers: {
      type: 'int8',
      shape: [rows, columns],
      data: {
        byteLength: rows * columns,
        async *read() {
          const values = await collect(matrix);
          const scales = columnScales(values, columns);
          const result = new Int8Array(values.length);
          for (let i = 0; i < values.length; i++) result[i] = Math.round(values[i]! / scales[i % columns]!);
          yield new Uint8Array(result.buffer);
        },
      },
    },
    scale: {
      type: 'float32',
      shape: [columns],
      data: {
        byteLength: 4 * columns,
        async *read() {
          yield new Uint8Array(columnScales(await collect(matrix), columns).buffer);
        },
      },
    },
  };
}

/** Largest magnitude of each column over the largest integer; 1 for a column of zeros. */
function columnScales(values: Float32Array, columns: number): Float32Array<ArrayBuffer> {
  const scales = new Float32Array(columns);
  for (let i = 0; i < values.length; i++) {
    scales[i % columns] = Math.max(scales[i % columns]!, Math.abs(values[i]!));
  }
  return scales.map((largest) => (largest === 0 ? 1 : largest / LARGEST));
}
