import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { convertModel } from '#engine/models/convert/convert-model.ts';
import { runningModel } from '../../../support/onnx.ts';
import { f32, floats, type Tensors, writeSafetensors } from '../../../support/safetensors.ts';
import { temporaryFolder } from '../../../support/temporary.ts';
import {
  tinyConvNext,
  tinyDinov2,
  tinyDinov3,
  type TinyModel,
  writeModelFolder,
} from '../../../support/tiny-models.ts';

/** A folder with a model, and an empty one for what it becomes. */
async function prepared(model: TinyModel) {
  const folder = await temporaryFolder();
  const target = join(folder, 'models');
  mkdirSync(target);
  return {
    source: writeModelFolder(join(folder, 'source'), model),
    target,
    outFile: join(target, 'tiny.onnx'),
  };
}

/** Large enough that its weights do not fit into the ONNX file. */
const model = tinyDinov3(1, { hidden: 64, intermediate: 300, heads: 2 });

test('says what the model is', async () => {
  const { source, outFile, target } = await prepared(model);
  writeFileSync(
    join(source, 'preprocessor_config.json'),
    '{"image_mean": [0.4, 0.3, 0.2], "image_std": [0.1, 0.2, 0.3]}',
  );
  const description = await convertModel(source, outFile);
  expect(description).toEqual({
    family: 'dinov3_vit',
    patch: 4,
    minimumSize: 4,
    dimension: 64,
    embeddingDimension: 64,
    registers: 2,
    depth: 2,
    precision: 'fp32',
    normalisation: { mean: [0.4, 0.3, 0.2], standardDeviation: [0.1, 0.2, 0.3] },
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    bytes: expect.any(Number),
    weightBytes: expect.any(Number),
    files: ['tiny.onnx', 'tiny.onnx.data'],
  });
  expect(readdirSync(target).sort()).toEqual(['tiny.onnx', 'tiny.onnx.data']);
});

test('the outputs are those of every extractor, and the registers', async () => {
  const { source, outFile } = await prepared(model);
  await convertModel(source, outFile);
  await using running = await runningModel(outFile);
  expect(running.outputNames).toEqual(['patch_features', 'embedding', 'registers']);
});

test('equal weights give equal files, other weights another hash', async () => {
  const { source, target } = await prepared(model);
  const [one, two] = [join(target, 'one', 'm.onnx'), join(target, 'two', 'm.onnx')];
  const first = await convertModel(source, one);
  const second = await convertModel(source, two);
  expect(second).toEqual(first);
  for (const name of first.files) {
    expect(readFileSync(join(target, 'one', name)).equals(readFileSync(join(target, 'two', name)))).toBe(
      true,
    );
  }
  // A large tensor, which lies outside the hashed file.
  const name = 'layer.0.mlp.up_proj.weight';
  const changed = floats(model.tensors[name]!).with(0, 5);
  writeModelFolder(source, { ...model, tensors: { ...model.tensors, [name]: f32([300, 64], changed) } });
  expect((await convertModel(source, one)).sha256).not.toBe(first.sha256);
});

test('shards give the same model as one file', async () => {
  const { source, outFile, target } = await prepared(model);
  await convertModel(source, outFile);
  const entries = Object.entries(model.tensors);
  const shards: Record<string, Tensors> = {
    'model-00001-of-00002.safetensors': Object.fromEntries(entries.slice(0, 9)),
    'model-00002-of-00002.safetensors': Object.fromEntries(entries.slice(9)),
  };
  rmSync(join(source, 'model.safetensors'));
  const map: Record<string, string> = {};
  for (const [file, tensors] of Object.entries(shards)) {
    writeSafetensors(join(source, file), tensors);
    for (const tensor of Object.keys(tensors)) map[tensor] = file;
  }
  writeFileSync(join(source, 'model.safetensors.index.json'), JSON.stringify({ weight_map: map }));
  const sharded = join(target, 'sharded.onnx');
  await convertModel(source, sharded);
  expect(readFileSync(`${sharded}.data`).equals(readFileSync(`${outFile}.data`))).toBe(true);
});

describe('a model that does not fit its configuration is refused by name, and nothing is left behind', () => {
  const without = (tensors: Tensors, name: string): Tensors =>
    Object.fromEntries(Object.entries(tensors).filter(([other]) => other !== name));
  const dinov3 = tinyDinov3(1);
  const dinov2 = tinyDinov2(2);
  const convNext = tinyConvNext(3, [1, 1], [8, 8]);
  const norm = 'layer.1.norm2.weight';
  const cases: [string, TinyModel, string][] = [
    [
      'a missing tensor',
      { ...dinov3, tensors: without(dinov3.tensors, norm) },
      `model.safetensors has no tensor ${norm}, which config.json asks for.`,
    ],
    [
      'a tensor of another shape',
      { ...dinov3, tensors: { ...dinov3.tensors, [norm]: f32([15], Array(15).fill(1)) } },
      `Tensor ${norm} in model.safetensors has shape [15]; config.json asks for [16].`,
    ],
    [
      'a bias that is promised',
      { ...dinov3, config: { ...dinov3.config, key_bias: true } },
      'model.safetensors has no tensor layer.0.attention.k_proj.bias, which config.json asks for.',
    ],
    [
      'a bias that is denied',
      { ...dinov3, config: { ...dinov3.config, query_bias: false } },
      'model.safetensors holds tensor layer.0.attention.q_proj.bias, which does not fit config.json.',
    ],
    [
      'more layers than configured',
      { ...dinov3, config: { ...dinov3.config, num_hidden_layers: 1 } },
      'model.safetensors holds tensor layer.1.norm1.weight, which does not fit config.json.',
    ],
    [
      'an MLP of the other kind',
      { ...dinov2, config: { ...dinov2.config, use_swiglu_ffn: true } },
      'model.safetensors has no tensor encoder.layer.0.mlp.weights_in.weight, which config.json asks for.',
    ],
    [
      'registers that are not there',
      { ...dinov3, config: { ...dinov3.config, num_register_tokens: 3 } },
      'Tensor embeddings.register_tokens in model.safetensors has shape [1, 2, 16]; config.json asks for [1, 3, 16].',
    ],
    [
      'positions of no square grid',
      {
        ...dinov2,
        tensors: { ...dinov2.tensors, 'embeddings.position_embeddings': f32([1, 9, 16], Array(144).fill(0)) },
      },
      'Tensor embeddings.position_embeddings has 9 rows, which is not one more than a square grid has.',
    ],
    [
      'a shallower ConvNeXt',
      { ...convNext, config: { ...convNext.config, depths: [1, 2] } },
      'model.safetensors has no tensor stages.1.layers.1.depthwise_conv.weight, which config.json asks for.',
    ],
    [
      'one tensor under two names',
      { ...dinov3, tensors: { ...dinov3.tensors, [`model.${norm}`]: dinov3.tensors[norm]! } },
      `model.safetensors holds both ${norm} and model.${norm}, which mean the same.`,
    ],
    [
      'a weight that is no number',
      { ...dinov3, tensors: { ...dinov3.tensors, [norm]: f32([16], [...Array(15).fill(1), NaN]) } },
      `Tensor ${norm} in model.safetensors holds NaN at position 15.`,
    ],
    [
      'integers for weights',
      {
        ...dinov3,
        tensors: { ...dinov3.tensors, [norm]: { dtype: 'I32', shape: [16], data: new Uint8Array(64) } },
      },
      `Tensor ${norm} in model.safetensors is of type I32; weights can be F32, F16 or BF16.`,
    ],
  ];
  test.each(cases)('%s', async (_name, model, message) => {
    const { source, outFile, target } = await prepared(model);
    await expect(convertModel(source, outFile)).rejects.toMatchObject({ kind: 'unreadable', message });
    expect(readdirSync(target)).toEqual([]);
  });

  test('a bad number in a large tensor, found while it is written', async () => {
    const name = 'layer.1.mlp.down_proj.weight';
    const spoilt = floats(model.tensors[name]!).with(19_000, Infinity);
    const tensors = { ...model.tensors, [name]: f32([64, 300], spoilt) };
    const { source, outFile, target } = await prepared({ ...model, tensors });
    await expect(convertModel(source, outFile)).rejects.toThrow(
      `Tensor ${name} in model.safetensors holds Infinity at position 19000.`,
    );
    expect(readdirSync(target)).toEqual([]);
  });
});

describe('the files beside the weights', () => {
  test.each([
    ['config.json', undefined, 'not-found', /holds no config.json/],
    ['config.json', '{', 'unreadable', /^config.json is not JSON.$/],
    ['preprocessor_config.json', '{"image_mean": [1]}', 'unreadable', /gives no usable image_mean/],
    ['preprocessor_config.json', '{"image_std": [0, 1, 1]}', 'unreadable', /gives no usable image_std/],
    ['model.safetensors', undefined, 'not-found', /holds neither model.safetensors nor/],
  ])('%s: %s', async (file, text, kind, message) => {
    const { source, outFile } = await prepared(model);
    if (text === undefined) rmSync(join(source, file));
    else writeFileSync(join(source, file), text);
    await expect(convertModel(source, outFile)).rejects.toMatchObject({ kind });
    await expect(convertModel(source, outFile)).rejects.toThrow(message);
  });
});

describe('choices', () => {
  test.each([
    [[{ index: 2, normed: true }], 'This dinov3_vit has layers 0 to 1, not 2.'],
    [[{ index: -1, normed: true }], 'This dinov3_vit has layers 0 to 1, not -1.'],
    [[{ index: 0.5, normed: true }], 'This dinov3_vit has layers 0 to 1, not 0.5.'],
    [Array.from({ length: 2 }, () => ({ index: 0, normed: true })), 'A layer is chosen twice.'],
  ])('%j', async (layers, message) => {
    const { source, outFile } = await prepared(model);
    await expect(convertModel(source, outFile, { layers })).rejects.toMatchObject({
      kind: 'invalid',
      message,
    });
  });

  test('a cancelled conversion leaves nothing behind', async () => {
    const { source, outFile, target } = await prepared(model);
    const stopped = AbortSignal.abort();
    await expect(convertModel(source, outFile, { signal: stopped })).rejects.toMatchObject({
      kind: 'cancelled',
    });
    expect(readdirSync(target)).toEqual([]);
  });

  test('a failed conversion leaves an earlier model as it was', async () => {
    const { source, outFile } = await prepared(model);
    await convertModel(source, outFile);
    const before = readFileSync(outFile);
    writeFileSync(join(source, 'config.json'), '{}');
    await expect(convertModel(source, outFile)).rejects.toThrow('config.json does not say its model_type.');
    expect(readFileSync(outFile).equals(before)).toBe(true);
  });
});
