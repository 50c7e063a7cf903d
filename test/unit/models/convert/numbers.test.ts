/** Converted models against the forward pass written down in float64, over the options that a configuration leaves open. */
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { convertModel, type ConversionOptions } from '#engine/models/convert/convert-model.ts';
import { createRandom } from '#shared/random.ts';
import { type Image, type Output, runningModel } from '../../../support/onnx.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import {
  tinyConvNext,
  tinyDinov2,
  tinyDinov3,
  type TinyModel,
  writeModelFolder,
} from '../../../support/tiny-models.ts';
import { type Row, runReference } from '../../../support/vit-reference.ts';

function randomImage(seed: number, batch: number, height: number, width: number): Image {
  const random = createRandom(seed);
  const data = Float32Array.from({ length: batch * 3 * height * width }, () => 4 * random.next() - 2);
  return { batch, height, width, data };
}

async function converted(model: TinyModel, options: ConversionOptions = {}) {
  const folder = await temporaryFolder();
  const path = join(folder, 'model.onnx');
  await convertModel(writeModelFolder(join(folder, 'source'), model), path, options);
  return runningModel(path);
}

/** Infinite when the number of values differs. */
function deviation(output: Output | undefined, expected: readonly Row[]): number {
  const values = expected.flat();
  if (output?.data.length !== values.length) return Infinity;
  return values.reduce((largest, value, i) => Math.max(largest, Math.abs(value - output.data[i]!)), 0);
}

const forms = ['fused', 'plain'] as const;

/** Values are around 1 after the final norm and up to some tens between blocks. */
const TOLERANCE = 1e-4;

/** Compares the outputs of every block and the final norm with the reference; gives what is wrong. */
async function deviations(model: TinyModel, image: Image, options: ConversionOptions): Promise<string[]> {
  const { num_hidden_layers: depth } = model.config as { num_hidden_layers: number };
  const layers = Array.from({ length: depth }, (_, index) => ({ index, normed: false }));
  await using running = await converted(model, { ...options, layers });
  const outputs = await running.run(image);
  const { rows, columns, blocks, final } = runReference(model, image.data, image.height, image.width);
  const expected: Record<string, readonly Row[]> = {};
  const expectTokens = (tokens: readonly Row[], prefix: string): void => {
    const first = tokens.length - rows * columns;
    expected[`${prefix}embedding`] = tokens.slice(0, 1);
    if (first > 1) expected[`${prefix}registers`] = tokens.slice(1, first);
    expected[`${prefix}patch_features`] = tokens.slice(first);
  };
  for (const [index, tokens] of blocks.entries()) expectTokens(tokens, `layer_${index}_raw_`);
  expectTokens(final, '');

  const wrong = Object.entries(expected).map(
    ([name, rows]) => [name, deviation(outputs[name], rows)] as const,
  );
  const grid = outputs['patch_features']!.shape.slice(0, 3).join();
  return [
    ...wrong
      .filter(([, largest]) => !(largest < TOLERANCE))
      .map(([name, largest]) => `${name} by ${largest}`),
    ...Object.keys(outputs).filter((name) => !(name in expected)),
    ...(grid === `1,${rows},${columns}` ? [] : [`grid ${grid}`]),
  ];
}

/** Pixel sizes from one patch on, mostly no multiple of the patch. */
const edge = fc.integer({ min: 4, max: 27 });
const seed = fc.integer({ min: 1, max: 1e6 });
const vitSize = fc
  .record({
    heads: fc.integer({ min: 1, max: 3 }),
    headDimension: fc.constantFrom(4, 8, 12, 20),
    layers: fc.integer({ min: 1, max: 2 }),
    intermediate: fc.integer({ min: 1, max: 20 }),
    patch: fc.constantFrom(2, 3, 4),
  })
  .map((size) => Object.assign(size, { hidden: size.heads * size.headDimension }));

describe('DINOv3 ViT', () => {
  test('is the definition for every option', async () => {
    const options = fc.record({
      query_bias: fc.boolean(),
      key_bias: fc.boolean(),
      value_bias: fc.boolean(),
      proj_bias: fc.boolean(),
      mlp_bias: fc.boolean(),
      use_gated_mlp: fc.boolean(),
      hidden_act: fc.constantFrom('gelu', 'silu', 'gelu_new', 'quick_gelu', 'relu'),
      rope_theta: fc.constantFrom(100, 10, 10_000),
      layer_norm_eps: fc.constantFrom(1e-5, 1e-6, 0.1),
    });
    await fc.assert(
      fc.asyncProperty(
        seed,
        vitSize,
        fc.integer({ min: 0, max: 4 }),
        options,
        edge,
        edge,
        fc.constantFrom(...forms),
        async (seed, size, registers, options, height, width, attention) => {
          const model = tinyDinov3(seed, { ...size, registers }, options);
          const image = randomImage(seed, 1, height, width);
          expect(await deviations(model, image, { attention })).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('takes no part of the mask token, and names may have a prefix', async () => {
    const model = tinyDinov3(7);
    const { 'embeddings.mask_token': _, ...rest } = model.tensors;
    const prefixed = Object.fromEntries(
      Object.entries(rest).map(([name, tensor]) => [`model.${name}`, tensor]),
    );
    const image = randomImage(7, 1, 12, 16);
    await using original = await converted(model);
    await using renamed = await converted({ ...model, tensors: prefixed });
    expect(await renamed.run(image)).toEqual(await original.run(image));
  });
});

describe('DINOv2', () => {
  test('is the definition for every option', async () => {
    await fc.assert(
      fc.asyncProperty(
        seed,
        vitSize,
        fc.constantFrom(0, 1, 4),
        fc.record({ swiglu: fc.boolean(), grid: fc.integer({ min: 1, max: 5 }) }),
        edge,
        edge,
        fc.constantFrom(...forms),
        async (seed, size, registers, options, height, width, attention) => {
          const model = tinyDinov2(seed, { ...size, registers }, options);
          const image = randomImage(seed, 1, height, width);
          expect(await deviations(model, image, { attention })).toEqual([]);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('is found inside a classifier', async () => {
    const model = tinyDinov2(3, { registers: 0 });
    const inside = Object.fromEntries(
      Object.entries(model.tensors).map(([name, tensor]) => [`dinov2.${name}`, tensor]),
    );
    const classifier = { ...inside, 'classifier.weight': model.tensors['layernorm.weight']! };
    const image = randomImage(3, 1, 12, 8);
    await using original = await converted(model);
    await using wrapped = await converted({ ...model, tensors: classifier });
    expect(await wrapped.run(image)).toEqual(await original.run(image));
  });
});

/** Part `index` of a batch. */
function partOf({ data, shape }: Output, index: number): Float32Array {
  const size = data.length / shape[0]!;
  return data.subarray(index * size, (index + 1) * size);
}

const models = {
  'DINOv3 ViT': tinyDinov3(1),
  DINOv2: tinyDinov2(2, { registers: 0 }),
  'DINOv2 with registers': tinyDinov2(3),
  'DINOv3 ConvNeXt': tinyConvNext(4, [1, 2], [8, 12]),
};

describe.each(Object.entries(models))('%s', (_name, model) => {
  test('sees each image of a batch alone', async () => {
    await using running = await converted(model);
    const images = [1, 2, 3].map((seed) => randomImage(seed, 1, 16, 24));
    const together = {
      ...images[0]!,
      batch: 3,
      data: Float32Array.from(images.flatMap(({ data }) => [...data])),
    };
    const batch = await running.run(together);
    for (const [index, image] of images.entries()) {
      const alone = await running.run(image);
      const apart = Object.entries(alone).map(([name, output]) =>
        deviation({ ...output, data: partOf(batch[name]!, index) }, [[...output.data]]),
      );
      expect(Math.max(...apart)).toBeLessThan(1e-5);
    }
  });

  test('the last layer, normed, is the final output', async () => {
    const last = { index: 1, normed: true };
    await using running = await converted(model, { layers: [last] });
    const outputs = await running.run(randomImage(5, 1, 16, 16));
    for (const name of ['patch_features', 'embedding']) {
      expect(outputs[`layer_1_${name}`]).toEqual(outputs[name]);
    }
  });

  test.for([
    ['int8', 0.1],
    ['fp16', 3e-3],
  ] as const)('is nearly itself in %s', async ([precision, most]) => {
    const image = randomImage(6, 1, 16, 24);
    await using exact = await converted(model);
    await using coarse = await converted(model, { precision });
    const [expected, got] = [await exact.run(image), await coarse.run(image)];
    for (const [name, { data }] of Object.entries(expected)) {
      const squares = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value ** 2, 0);
      const error = squares(data.map((value, i) => value - got[name]!.data[i]!)) / squares(data);
      expect(Math.sqrt(error)).toBeLessThan(most);
      expect(error).toBeGreaterThan(0);
    }
  });
});

describe('DINOv3 ConvNeXt', () => {
  const model = tinyConvNext(9, [1, 1], [8, 12]);

  test('norms its last stage only, after taking the mean', async () => {
    const layers = [0, 1].flatMap((index) => [true, false].map((normed) => ({ index, normed })));
    await using running = await converted(model, { layers });
    const outputs = await running.run(randomImage(1, 1, 24, 17));
    expect(outputs['layer_0_patch_features']).toEqual(outputs['layer_0_raw_patch_features']);
    expect(outputs['layer_0_patch_features']!.shape).toEqual([1, 6, 4, 8]);
    expect(outputs['patch_features']!.shape).toEqual([1, 3, 2, 12]);
    const { data, shape } = outputs['layer_1_raw_patch_features']!;
    const width = shape[3]!;
    const mean = Array.from({ length: width }, (_, channel) => {
      const values = data.filter((_, i) => i % width === channel);
      return values.reduce((sum, value) => sum + value, 0) / values.length;
    });
    expect(deviation(outputs['layer_1_raw_embedding'], [mean])).toBeLessThan(1e-5);
  });
});
