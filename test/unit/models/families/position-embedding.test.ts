import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { positionsOf, type PositionResampling } from '#engine/models/families/dinov2/position-embedding.ts';
import { layersOf } from '#engine/models/families/layers.ts';
import { GraphBuilder } from '#engine/models/onnx/graph.ts';
import { withSmallInline } from '#engine/models/convert/sources.ts';
import { readNpy, toFloat32 } from '#shared/npy.ts';
import { runningModel } from '../../../support/onnx.ts';
import { resamplePositions, type Row } from '../../../support/vit-reference.ts';

/** A model whose image size is the patch grid and whose output are the positions for it. */
async function positionModel(stored: readonly Row[], resampling: PositionResampling) {
  const graph = new GraphBuilder('positions');
  const image = graph.input('image', 'float32', [1, 3, 'rows', 'columns']);
  const layers = layersOf(graph, { epsilon: 1e-6, precision: 'fp32', attention: 'plain' });
  const size = Math.sqrt(stored.length);
  const parameter = {
    name: 'positions',
    shape: [size, size, stored[0]!.length],
    async *values() {
      yield Float32Array.from(stored.flat());
    },
  };
  const rows = layers.extent(image, 2);
  const columns = layers.extent(image, 3);
  const positions = positionsOf(layers, parameter, rows, columns, resampling);
  graph.output(positions, 'float32', ['patches', stored[0]!.length]);
  const model = await runningModel(await withSmallInline(graph.build(), () => {}));
  return {
    async at(rows: number, columns: number): Promise<Float32Array> {
      const image = { batch: 1, height: rows, width: columns, data: new Float32Array(3 * rows * columns) };
      return Object.values(await model.run(image))[0]!.data;
    },
    [Symbol.asyncDispose]: () => model[Symbol.asyncDispose](),
  };
}

function largestDifference(got: Float32Array, expected: readonly number[]): number {
  expect(got.length).toBe(expected.length);
  return expected.reduce((largest, value, i) => Math.max(largest, Math.abs(value - got[i]!)), 0);
}

const rules = [
  { resampling: 'offset', family: 'dinov2-mlp' },
  { resampling: 'antialias', family: 'dinov2-reg' },
] as const;

describe.each(rules)('$resampling', ({ resampling, family }) => {
  const size = fc.integer({ min: 1, max: 9 });
  const stored = size.chain((size) =>
    fc.array(
      fc.tuple(fc.double({ min: -1, max: 1, noNaN: true }), fc.double({ min: -1, max: 1, noNaN: true })),
      {
        minLength: size ** 2,
        maxLength: size ** 2,
      },
    ),
  );

  test('is the definition at any grid', async () => {
    await fc.assert(
      fc.asyncProperty(
        stored,
        fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 4 }),
        async (stored, grids) => {
          await using model = await positionModel(stored, resampling);
          for (const [rows, columns] of grids) {
            const expected = resamplePositions(stored, rows, columns, resampling === 'antialias').flat();
            expect(largestDifference(await model.at(rows, columns), expected)).toBeLessThan(1e-6);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('keeps the stored grid bit by bit', async () => {
    await fc.assert(
      fc.asyncProperty(stored, async (stored) => {
        await using model = await positionModel(stored, resampling);
        const side = Math.sqrt(stored.length);
        expect([...(await model.at(side, side))]).toEqual(
          [...Float32Array.from(stored.flat())].map((x) => x + 0),
        );
      }),
      { numRuns: 20 },
    );
  });

  test('keeps what is the same everywhere', async () => {
    const constant = Array.from({ length: 25 }, () => [0.75]);
    await using model = await positionModel(constant, resampling);
    const everywhere = Array.from({ length: 7 * 3 }, () => 0.75);
    expect(largestDifference(await model.at(7, 3), everywhere)).toBeLessThan(1e-6);
  });

  test('gives the positions that the official code adds', async ({ skip }) => {
    const folder = `../shared/fixtures/dinov2/${family}`;
    skip(!existsSync(folder), `${folder} is not there`);
    const read = (name: string) => toFloat32(readNpy(readFileSync(`${folder}/${name}`), name));
    const { cases } = JSON.parse(readFileSync(`${folder}/cases.json`, 'utf8')) as {
      cases: { name: string; grid: [number, number]; pos_interpolated: boolean }[];
    };
    const native = cases.find(({ pos_interpolated: interpolated }) => !interpolated)!;
    const dimension = 64;
    const split = (values: Float32Array): Row[] =>
      Array.from({ length: values.length / dimension }, (_, i) => [
        ...values.subarray(i * dimension, (i + 1) * dimension),
      ]);
    const [, ...stored] = split(read(`cases/${native.name}/pos_embed.npy`));
    await using model = await positionModel(stored, resampling);
    for (const { name, grid } of cases) {
      const [, ...expected] = split(read(`cases/${name}/pos_embed.npy`));
      expect(largestDifference(await model.at(...grid), expected.flat())).toBeLessThan(1e-6);
    }
  });
});
