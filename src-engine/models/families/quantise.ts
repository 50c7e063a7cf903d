/** Float32 matrices to int8, one scale an output. */

import type { Tensor } from '../onnx/tensors.ts';
import { collect, transpose } from './fold.ts';
import type { Parameter } from './parameters.ts';

/**
 * Seven bits, not eight: processors without VNNI add two products of uint8 and int8 in 16 bits and clip the sum, which would
 * give other features there. With 64 as the largest weight the sum cannot reach the limit (2 * 255 * 64 < 2^15).
 */
const LARGEST = 64;

/**
 * A linear layer's weight [outputs, inputs] as integers [inputs, outputs], symmetric around 0, and the scale of every output:
 * value = integer * scale.
 */
export function quantised(weight: Parameter): { readonly integers: Tensor; readonly scale: Tensor } {
  const [outputs, inputs] = weight.shape as readonly [number, number];
  return {
    integers: {
      type: 'int8',
      shape: [inputs, outputs],
      data: {
        byteLength: inputs * outputs,
        async *read() {
          const integers = toIntegers(await collect(weight), outputs, inputs);
          yield new Uint8Array(transpose(integers, new Int8Array(integers.length), outputs, inputs).buffer);
        },
      },
    },
    scale: {
      type: 'float32',
      shape: [outputs],
      data: {
        byteLength: 4 * outputs,
        async *read() {
          const values = await collect(weight);
          const scales = Float32Array.from({ length: outputs }, (_, row) => scaleOf(values, row, inputs));
          yield new Uint8Array(scales.buffer);
        },
      },
    },
  };
}

function toIntegers(values: Float32Array, rows: number, columns: number): Int8Array<ArrayBuffer> {
  const integers = new Int8Array(values.length);
  for (let row = 0; row < rows; row++) {
    const scale = scaleOf(values, row, columns);
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      const steps = values[i]! / scale;
      // Storing cuts towards zero.
      integers[i] = steps < 0 ? steps - 0.5 : steps + 0.5;
    }
  }
  return integers;
}

/** Largest magnitude of a row over the largest integer, in float32 as the graph has it; 1 for a row of zeros, or as good as. */
function scaleOf(values: Float32Array, row: number, columns: number): number {
  let largest = 0;
  for (let i = row * columns; i < (row + 1) * columns; i++) {
    const magnitude = Math.abs(values[i]!);
    if (magnitude > largest) largest = magnitude;
  }
  return Math.fround(largest / LARGEST) || 1;
}
