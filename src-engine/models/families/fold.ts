/** Exact changes of parameters on their way into the graph. Chunks flow through; only what must be whole is held. */

import { Failure } from '#shared/errors.ts';
import type { Tensor } from '../onnx/tensors.ts';
import type { Parameter } from './parameters.ts';

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, extent) => product * extent, 1);

/** All values at once; the caller knows that they are few. */
export async function collect({ shape, values }: Parameter): Promise<Float32Array> {
  const all = new Float32Array(sizeOf(shape));
  let position = 0;
  for await (const chunk of values()) {
    all.set(chunk, position);
    position += chunk.length;
  }
  return all;
}

/** A parameter made from the whole of another one. */
function derived(
  from: Parameter,
  shape: readonly number[],
  make: (values: Float32Array) => Float32Array | Promise<Float32Array>,
): Parameter {
  return {
    name: from.name,
    shape,
    async *values() {
      yield await make(await collect(from));
    },
  };
}

/** [rows, columns] -> [columns, rows]: a linear layer's weights as the right-hand side of a product. */
export function transposed(matrix: Parameter): Parameter {
  const [rows, columns] = matrix.shape as readonly [number, number];
  return derived(matrix, [columns, rows], (values) =>
    transpose(values, new Float32Array(values.length), rows, columns),
  );
}

/** Edge of the tiles: more rows whose length is a power of two would evict each other from the cache. */
const TILE = 8;

/** Writes [rows, columns] as [columns, rows]. */
export function transpose<T extends Float32Array | Int8Array>(
  values: T,
  result: T,
  rows: number,
  columns: number,
): T {
  for (let top = 0; top < rows; top += TILE) {
    const bottom = Math.min(top + TILE, rows);
    for (let left = 0; left < columns; left += TILE) {
      const right = Math.min(left + TILE, columns);
      for (let column = left; column < right; column++) {
        for (let row = top; row < bottom; row++) {
          result[column * rows + row] = values[row * columns + column]!;
        }
      }
    }
  }
  return result;
}

/** Multiplies row i (along the first axis) by factor i: a scale of outputs, moved into the layer before it. */
export function scaledRows(parameter: Parameter, factors: Parameter): Parameter {
  const rowSize = sizeOf(parameter.shape.slice(1));
  return {
    name: parameter.name,
    shape: parameter.shape,
    async *values() {
      const scale = await collect(factors);
      let row = 0;
      let leftInRow = rowSize;
      for await (const chunk of parameter.values()) {
        for (let i = 0; i < chunk.length; i++) {
          chunk[i] = chunk[i]! * scale[row]!;
          if (--leftInRow === 0) {
            row++;
            leftInRow = rowSize;
          }
        }
        yield chunk;
      }
    },
  };
}

/** Rows from `begin` to before `end`, under a name of their own. */
export function rowsOf(parameter: Parameter, begin: number, end: number, name: string): Parameter {
  const rest = parameter.shape.slice(1);
  const rowSize = sizeOf(rest);
  return {
    name,
    shape: [end - begin, ...rest],
    async *values() {
      let position = 0;
      for await (const chunk of parameter.values()) {
        const from = Math.max(begin * rowSize - position, 0);
        const to = Math.min(end * rowSize - position, chunk.length);
        if (from < to) yield chunk.subarray(from, to);
        position += chunk.length;
      }
    },
  };
}

/** The same values with another shape. */
export function reshaped(parameter: Parameter, shape: readonly number[]): Parameter {
  return { ...parameter, shape };
}

/** One parameter after the other along the first axis; their other extents agree. */
export function stacked(name: string, parameters: readonly [Parameter, ...Parameter[]]): Parameter {
  const rows = parameters.reduce((sum, { shape }) => sum + shape[0]!, 0);
  return {
    name,
    shape: [rows, ...parameters[0].shape.slice(1)],
    async *values() {
      for (const parameter of parameters) yield* parameter.values();
    },
  };
}

/** Element by element sum of two small parameters of one shape. */
export function sum(a: Parameter, b: Parameter): Parameter {
  return derived(a, a.shape, async (values) => {
    const other = await collect(b);
    return values.map((value, i) => value + other[i]!);
  });
}

/** A square grid [size, size, channels] with `margin` copies of its border around it. */
export function withBorder(grid: Parameter, margin: number): Parameter {
  const [size, , channels] = grid.shape as readonly [number, number, number];
  const wide = size + 2 * margin;
  const inside = (position: number): number => Math.min(Math.max(position - margin, 0), size - 1);
  return derived(grid, [wide, wide, channels], (values) => {
    const result = new Float32Array(wide * wide * channels);
    for (let row = 0; row < wide; row++) {
      for (let column = 0; column < wide; column++) {
        const from = (inside(row) * size + inside(column)) * channels;
        result.set(values.subarray(from, from + channels), (row * wide + column) * channels);
      }
    }
    return result;
  });
}

/** Rounded to float16, read when the model is written. */
export function halfTensorOf({ name, shape, values }: Parameter): Tensor {
  return {
    type: 'float16',
    shape,
    data: {
      byteLength: 2 * sizeOf(shape),
      async *read() {
        for await (const chunk of values()) {
          const halves = Float16Array.from(chunk);
          const lost = halves.findIndex((value) => !Number.isFinite(value));
          if (lost >= 0) {
            throw new Failure(
              'unreadable',
              `Tensor ${name} holds ${chunk[lost]}, which is too large for float16. Take another precision.`,
            );
          }
          yield new Uint8Array(halves.buffer);
        }
      },
    },
  };
}

/** As a tensor of the graph, read when the model is written. */
export function tensorOf({ shape, values }: Parameter): Tensor {
  return {
    type: 'float32',
    shape,
    data: {
      byteLength: 4 * sizeOf(shape),
      async *read() {
        for await (const { buffer, byteOffset, byteLength } of values()) {
          yield new Uint8Array(buffer, byteOffset, byteLength);
        }
      },
    },
  };
}
