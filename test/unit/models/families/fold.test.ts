import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  collect,
  reshaped,
  rowsOf,
  scaledRows,
  stacked,
  sum,
  transposed,
  withBorder,
} from '#engine/models/families/fold.ts';
import type { Parameter } from '#engine/models/families/parameters.ts';
import { quantised } from '#engine/models/families/quantise.ts';
import type { Tensor } from '#engine/models/onnx/tensors.ts';

/** A parameter that arrives in chunks of a given length. */
function parameter(shape: readonly number[], values: readonly number[], chunk = 3): Parameter {
  return {
    name: 'weight',
    shape,
    async *values() {
      for (let i = 0; i < values.length; i += chunk) yield Float32Array.from(values.slice(i, i + chunk));
    },
  };
}

const float = fc.float({ noNaN: true, noDefaultInfinity: true, min: -100, max: 100 });

/** A matrix in chunks that need not end with its rows. */
const matrix = fc
  .record({
    rows: fc.integer({ min: 1, max: 20 }),
    columns: fc.integer({ min: 1, max: 20 }),
    chunk: fc.integer({ min: 1, max: 50 }),
  })
  .chain(({ rows, columns, chunk }) =>
    fc.array(float, { minLength: rows * columns, maxLength: rows * columns }).map((values) => ({
      rows,
      columns,
      values,
      parameter: parameter([rows, columns], values, chunk),
    })),
  );

test('transposing swaps the indices, and twice changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(matrix, async ({ rows, columns, values, parameter }) => {
      const once = transposed(parameter);
      expect(once.shape).toEqual([columns, rows]);
      const swapped = await collect(once);
      for (const [i, value] of values.entries()) {
        expect(swapped[(i % columns) * rows + Math.floor(i / columns)]).toBe(value);
      }
      expect([...(await collect(transposed(once)))]).toEqual(values);
    }),
  );
});

test('each row is scaled by its own factor', async () => {
  await fc.assert(
    fc.asyncProperty(matrix, async ({ rows, columns, values, parameter: weight }) => {
      const factors = Float32Array.from({ length: rows }, (_, row) => row - 2.5);
      const scaled = await collect(scaledRows(weight, parameter([rows], [...factors])));
      const expected = values.map((value, i) => Math.fround(value * factors[Math.floor(i / columns)]!));
      expect([...scaled]).toEqual(expected);
    }),
  );
});

test('the rows of a matrix, taken apart and stacked, are the matrix', async () => {
  await fc.assert(
    fc.asyncProperty(matrix, fc.nat(), async ({ rows, values, parameter }, cut) => {
      const at = cut % (rows + 1);
      const [upper, lower] = [rowsOf(parameter, 0, at, 'upper'), rowsOf(parameter, at, rows, 'lower')];
      const together = stacked('both', [upper, lower]);
      expect(together.shape).toEqual(parameter.shape);
      expect([...(await collect(together))]).toEqual(values);
    }),
  );
});

test('sums and shapes', async () => {
  const four = parameter([2, 2], [1, 2, 3, 4]);
  expect([...(await collect(sum(four, four)))]).toEqual([2, 4, 6, 8]);
  expect(reshaped(four, [4, 1]).shape).toEqual([4, 1]);
});

test('a border repeats the nearest cell', async () => {
  const grid = withBorder(parameter([2, 2, 1], [1, 2, 3, 4]), 1);
  expect(grid.shape).toEqual([4, 4, 1]);
  expect([...(await collect(grid))]).toEqual([1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4]);
});

describe('quantising', () => {
  async function bytes({ data }: Tensor): Promise<ArrayBuffer> {
    if (data instanceof Uint8Array) throw new TypeError('expected a source');
    const result = new Uint8Array(data.byteLength);
    let position = 0;
    for await (const piece of data.read()) {
      result.set(piece, position);
      position += piece.length;
    }
    expect(position).toBe(data.byteLength);
    return result.buffer;
  }

  test('integers times scales are at most half a step off and stay within seven bits', async () => {
    await fc.assert(
      fc.asyncProperty(matrix, async ({ rows, columns, values, parameter }) => {
        const { integers, scale } = quantised(parameter);
        expect(integers.shape).toEqual([columns, rows]);
        const [steps, scales] = [new Int8Array(await bytes(integers)), new Float32Array(await bytes(scale))];
        for (const [i, value] of values.entries()) {
          const [row, column] = [Math.floor(i / columns), i % columns];
          const step = steps[column * rows + row]!;
          expect(Math.abs(step)).toBeLessThanOrEqual(64);
          expect(Math.abs(step * scales[row]! - value)).toBeLessThanOrEqual(scales[row]! * 0.50001);
        }
      }),
    );
  });

  test('a row of zeros stays one', async () => {
    const { integers } = quantised(parameter([1, 3], [0, 0, 0]));
    expect([...new Int8Array(await bytes(integers))]).toEqual([0, 0, 0]);
  });
});
