import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { builtInModelFiles } from '../../../models/scatter16/build.ts';
import { referenceScatter16 } from './scatter16-reference.ts';

const models = join(import.meta.dirname, '../../../models');
const shared = join(import.meta.dirname, '../../../../shared');

const load = (name: string) =>
  InferenceSession.create(join(models, `scatter16/${name}.onnx`), { logSeverityLevel: 3 });
const sessions = { averaged: await load('scatter16'), kept: await load('scatter16-oriented') };

function randomImage(width: number, height: number, seed: number): Float32Array {
  let state = seed;
  return Float32Array.from({ length: 3 * width * height }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  });
}

async function realImage(path: string, width: number, height: number): Promise<Float32Array> {
  const raw = await sharp(path)
    .resize(width, height, { fit: 'fill' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer();
  const pixels = width * height;
  return Float32Array.from(
    { length: 3 * pixels },
    (_, i) => raw[(i % pixels) * 3 + Math.floor(i / pixels)]! / 255,
  );
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i]! - b[i]!));
  return largest;
}

/** Runs the model and the reference and returns how far they are apart at most. */
async function distanceToReference(
  image: Float32Array,
  width: number,
  height: number,
  mode: 'averaged' | 'kept',
): Promise<number> {
  const outputs = await sessions[mode].run({ image: new Tensor('float32', image, [1, 3, height, width]) });
  const { patch_features: patches, embedding } = outputs;
  const expected = referenceScatter16(image, width, height, mode === 'averaged');
  expect(patches!.dims).toEqual([1, height / 16, width / 16, mode === 'averaged' ? 35 : 417]);
  expect(embedding!.dims).toEqual([1, 5 * expected.dimension]);
  return Math.max(
    largestDifference(patches!.data as Float32Array, expected.patches),
    largestDifference(embedding!.data as Float32Array, expected.embedding),
  );
}

test.for([
  [32, 32],
  [64, 64],
  [96, 160],
  [208, 48],
] as const)('random images of %i x %i pixels have the features of the recipe', async ([width, height]) => {
  expect(
    await distanceToReference(randomImage(width, height, width), width, height, 'averaged'),
  ).toBeLessThan(1e-4);
});

test('orientations are kept where asked', async () => {
  expect(await distanceToReference(randomImage(80, 64, 5), 80, 64, 'kept')).toBeLessThan(1e-4);
});

const brain = join(shared, 'data/brain/glioma_flair/test/Ungood/img/fg6692_z088.png');
test.skipIf(!existsSync(brain))('a real slice has the features of the recipe (needs ../shared)', async () => {
  expect(await distanceToReference(await realImage(brain, 224, 256), 224, 256, 'averaged')).toBeLessThan(
    1e-4,
  );
});

test('images of a batch do not see each other', async () => {
  const [a, b] = [randomImage(64, 48, 1), randomImage(64, 48, 2)];
  const batch = Float32Array.from([...a, ...b]);
  const run = async (image: Float32Array, count: number) => {
    const outputs = await sessions.averaged.run({ image: new Tensor('float32', image, [count, 3, 48, 64]) });
    return [
      ...(outputs['patch_features']!.data as Float32Array),
      ...(outputs['embedding']!.data as Float32Array),
    ];
  };
  const [both, first, second] = [await run(batch, 2), await run(a, 1), await run(b, 1)];
  const patches = 3 * 4 * 35;
  const alone = [
    first.slice(0, patches),
    second.slice(0, patches),
    first.slice(patches),
    second.slice(patches),
  ].flat();
  expect(largestDifference(both, alone)).toBeLessThan(1e-5);
});

test('black has equal patches and an embedding of zeros', async () => {
  const image = new Float32Array(3 * 64 * 64);
  const outputs = await sessions.averaged.run({ image: new Tensor('float32', image, [1, 3, 64, 64]) });
  for (const value of outputs['embedding']!.data as Float32Array) expect(Math.abs(value)).toBeLessThan(1e-5);
});

test('a bright dot in the middle of a patch shows equally in the patches around it', async () => {
  const image = new Float32Array(3 * 112 * 112);
  for (let plane = 0; plane < 3; plane++) {
    for (const y of [55, 56]) for (const x of [55, 56]) image[plane * 112 * 112 + y * 112 + x] = 1;
  }
  const outputs = await sessions.averaged.run({ image: new Tensor('float32', image, [1, 3, 112, 112]) });
  const patches = outputs['patch_features']!.data as Float32Array;
  const brightness = (row: number, column: number) => Math.exp(patches[(row * 7 + column) * 35]!) - 0.2;
  expect(brightness(3, 3)).toBeGreaterThan(brightness(2, 3));
  expect(brightness(3, 2) / brightness(3, 4)).toBeGreaterThan(0.7);
  expect(brightness(3, 2) / brightness(3, 4)).toBeLessThan(1.3);
});

test('the committed models and their catalogue are what the script writes', async () => {
  const differing: string[] = [];
  for (const [path, bytes] of builtInModelFiles()) {
    if (Buffer.compare(await readFile(join(models, path)), bytes) !== 0) differing.push(path);
  }
  expect(differing).toEqual([]);
});
