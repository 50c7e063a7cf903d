import { appendFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkModel } from '#engine/calls/models.ts';
import { extractFeatures } from '#engine/calls/extract-features.ts';
import { importModel } from '#engine/models/import-model.ts';
import { openEngine } from '#engine/state.ts';
import type { Precision } from '#shared/model-description.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import {
  tinyConvNext,
  tinyDinov2,
  tinyDinov3,
  type TinyModel,
  writeModelFolder,
} from '../../support/tiny-models.ts';

/** Nobody listens, and nobody cancels. */
const unheard = { signal: new AbortController().signal, progress: () => {} };

/** A workspace's folder of models with one in it, and an engine that looks there. */
async function imported(tiny: TinyModel, precision: Precision = 'fp32', files: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  const source = writeModelFolder(join(folder, 'source'), tiny);
  for (const [name, text] of Object.entries(files)) await writeFile(join(source, name), text);
  const models = join(folder, 'models');
  await mkdir(models);
  const target = join(models, 'tiny');
  const description = await importModel({ source, target, name: 'tiny', precision }, unheard);
  const state = openEngine({
    blobs: join(folder, 'blobs'),
    thumbnails: join(folder, 'thumbnails'),
    features: join(folder, 'features'),
    models: join(import.meta.dirname, '../../../models'),
    adapters: null,
    importedModels: models,
    embeddings: join(folder, 'embeddings'),
    featureCacheBytes: 0,
    states: join(folder, 'states'),
    stateCacheBytes: 0,
    device: 'cpu',
  });
  return { description, target, state };
}

/** Two normalised images. */
const tensor = (edge: number) =>
  ({
    kind: 'tensor',
    name: 'input.npy',
    shape: [2, 3, edge, edge],
    data: Float32Array.from({ length: 6 * edge * edge }, (_, i) => Math.sin(i * 0.37)),
  }) as const;

test('DINOv2 keeps the preprocessing it was published with, and its licence goes along', async () => {
  const preprocessor = JSON.stringify({ image_mean: [0.5, 0.4, 0.3], image_std: [0.2, 0.3, 0.1] });
  const { description, target } = await imported(tinyDinov2(3, { patch: 14, registers: 0 }), 'fp32', {
    'preprocessor_config.json': preprocessor,
    'LICENSE.md': 'Apache',
  });
  expect(description).toMatchObject({
    family: 'dinov2',
    interpolation: 'bicubic',
    normalisation: { mean: [0.5, 0.4, 0.3], standardDeviation: [0.2, 0.3, 0.1] },
  });
  expect((await readdir(target)).sort()).toEqual(['LICENSE.md', 'description.json', 'model.onnx']);
});

test.for(['fp32', 'fp16', 'int8'] as const)(
  '%s says how far each precision is from float32',
  async (precision) => {
    const { description, target } = await imported(tinyDinov3(4, { patch: 16 }), precision);
    expect(description.precision).toBe(precision);
    const { fp32, fp16, int8 } = description.deviations;
    expect(fp32).toBeLessThan(1e-5);
    expect(fp16).toBeGreaterThan(1e-5);
    expect(fp16).toBeLessThan(5e-3);
    expect(int8).toBeGreaterThan(fp16!);
    expect(int8).toBeLessThan(0.2);
    expect((await readdir(target)).sort()).toEqual(['description.json', 'model.onnx']);
  },
);

test('a cancelled import leaves nothing behind', async () => {
  const folder = await temporaryFolder();
  const source = writeModelFolder(
    join(folder, 'source'),
    tinyDinov3(4, { patch: 16, hidden: 128, intermediate: 512 }),
  );
  const target = join(folder, 'tiny');
  const controller = new AbortController();
  const shares: number[] = [];
  const progress = ({ share }: { share: number }) => {
    shares.push(share);
    if (share > 0.4) controller.abort();
  };
  const importing = importModel(
    { source, target, name: 'tiny', precision: 'int8' },
    { signal: controller.signal, progress },
  );
  await expect(importing).rejects.toMatchObject({ kind: 'cancelled' });
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(await readdir(folder)).toEqual(['source']);
});

test('stages of a ConvNeXt differ in size, so they are asked for one at a time', async () => {
  const { state, description } = await imported(tinyConvNext(5, [1, 1], [8, 16]));
  expect(description).toMatchObject({ patch: 8, layers: 2, registers: 0, interpolation: 'bilinear' });
  const ask = (layers: number[]) =>
    extractFeatures(state, { model: 'tiny', input: tensor(32), layers, normed: false });
  const { patches, cls, registers } = await ask([1]);
  expect([patches.shape, cls.shape, registers]).toEqual([[2, 1, 8, 8, 8], [2, 1, 8], null]);
  await expect(ask([1, 2])).rejects.toThrow('one at a time');
  await expect(ask([3])).rejects.toThrow('tiny has layers 1 to 2, not 3.');
});

test('a changed file is found and named', async () => {
  const { state, target } = await imported(tinyDinov3(6));
  expect(await checkModel(state, { model: 'tiny' })).toMatchObject({ files: 1 });
  expect(await checkModel(state, { model: 'scatter16' })).toMatchObject({ files: 1, size: 448 });
  await appendFile(join(target, 'model.onnx'), 'x');
  await expect(checkModel(state, { model: 'tiny' })).rejects.toThrow(/model\.onnx: the file is not the one/);
});

test('arrays that are no images are refused', async () => {
  const { state } = await imported(tinyDinov3(7));
  const ask = (shape: number[], model = 'tiny') =>
    extractFeatures(state, {
      model,
      input: { kind: 'tensor', name: 'in.npy', shape, data: new Float32Array(shape.reduce((a, b) => a * b)) },
      layers: null,
      normed: true,
    });
  await expect(ask([1, 4, 8, 8])).rejects.toThrow('in.npy: images are batch x 3 x height x width');
  await expect(ask([1, 3, 2, 8])).rejects.toThrow('at least 4 pixels');
  expect((await ask([2, 3, 64, 64], 'scatter16')).patches.shape).toEqual([2, 1, 4, 4, 35]);
});
