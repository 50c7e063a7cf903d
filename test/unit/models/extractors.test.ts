import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openExtractors } from '../../../src-engine/models/extractors.ts';
import { openSession } from '../../../src-engine/models/session.ts';
import type { PixelArray } from '../../../src-shared/arrays.ts';

const models = join(import.meta.dirname, '../../../models');
const image: PixelArray = {
  width: 40,
  height: 30,
  channels: 1,
  bits: 8,
  data: Uint8Array.from({ length: 1200 }, (_, i) => (i * 37) % 256),
};
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nidus-extractors-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('an extractor gives patches and one embedding, the same every time', async () => {
  const extractor = await openExtractors(models).get('scatter16');
  const { patches, embedding } = await extractor.extract(image, 64);
  expect([patches.rows, patches.columns, patches.dimension]).toEqual([4, 4, 35]);
  expect([patches.data.length, embedding.length]).toEqual([560, 175]);
  expect(patches.data.every(Number.isFinite) && embedding.every(Number.isFinite)).toBe(true);
  expect(await extractor.extract(image, 64)).toEqual({ patches, embedding });
});

test('cropped images have a grid of their own shape', async () => {
  const extractor = await openExtractors(models).get('scatter16-oriented');
  const { outputs } = await extractor.outputs(extractor.prepare(image, 64, 'crop'), ['patch_features']);
  expect(outputs[0]?.shape).toEqual([1, 4, 5, 417]);
});

test('fingerprints tell models apart', async () => {
  const extractors = openExtractors(models);
  const [a, b] = [await extractors.get('scatter16'), await extractors.get('scatter16-oriented')];
  expect(a.fingerprint).not.toBe(b.fingerprint);
  expect(await extractors.get('scatter16')).toBe(a);
});

test('unknown models and impossible sizes are named', async () => {
  const extractors = openExtractors(models);
  await expect(extractors.get('dinov9')).rejects.toThrow(
    'There is no model "dinov9". Known: scatter16, scatter16-oriented.',
  );
  const extractor = await extractors.get('scatter16');
  await expect(extractor.extract(image, 16)).rejects.toThrow(
    'scatter16 needs images of at least 32 pixels, not 16.',
  );
  await expect(extractor.extract(image, 100)).rejects.toThrow('not a multiple of the patch');
});

test('a load that failed may be tried again', async () => {
  await cp(join(models, 'catalogue.json'), join(folder, 'catalogue.json'));
  const extractors = openExtractors(folder);
  await expect(extractors.get('scatter16')).rejects.toThrow('scatter16.onnx: the model cannot be loaded');
  await mkdir(join(folder, 'scatter16'));
  await cp(join(models, 'scatter16/scatter16.onnx'), join(folder, 'scatter16/scatter16.onnx'));
  expect(await extractors.get('scatter16')).toBeDefined();
});

test('files that are no models are refused by name', async () => {
  const path = join(folder, 'text.onnx');
  await writeFile(path, 'not a model');
  await expect(openSession(path)).rejects.toMatchObject({ kind: 'unreadable' });
  await expect(openExtractors(join(folder, 'nowhere')).get('scatter16')).rejects.toMatchObject({
    kind: 'unreadable',
  });
});
