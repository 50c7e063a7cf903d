/** Weights that are wrong in one tensor, brought the way a person brings them: one sentence that names it, and nothing left. */
import { readdir, readFile, truncate, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Precision } from '#shared/model-description.ts';
import type { Services } from '#main/services.ts';
import { bf16, f16, f32, floats, type StoredTensor } from '../support/safetensors.ts';
import { importModel, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';
import {
  tinyClip,
  tinyConvNext,
  tinyDinov2,
  tinyDinov3,
  type TinyModel,
  writeModelFolder,
  writeTinyClip,
} from '../support/tiny-models.ts';

type Damage = (tensor: StoredTensor) => StoredTensor | undefined;

const withNaN =
  (store: typeof f32, every: boolean): Damage =>
  (tensor) => {
    const values = floats(tensor);
    return store(
      tensor.shape,
      values.map((value, index) => (every || index === values.length - 1 ? Number.NaN : value)),
    );
  };

/** What is done to one tensor, and what the sentence says of it besides its name. */
const damages: readonly (readonly [what: string, damage: Damage, says: RegExp])[] = [
  ['one NaN', withNaN(f32, false), /not a (finite )?number|NaN/],
  ['nothing but NaN', withNaN(f32, true), /not a (finite )?number|NaN/],
  ['one NaN in float16', withNaN(f16, false), /not a (finite )?number|NaN/],
  ['nothing but NaN in bfloat16', withNaN(bf16, true), /not a (finite )?number|NaN/],
  [
    'an infinity',
    ({ shape, ...tensor }) => f32(shape, floats({ shape, ...tensor }).fill(Infinity, 0, 1)),
    /./,
  ],
  ['no such tensor', () => undefined, /missing|lacks|no tensor/],
  [
    'another shape',
    ({ shape: [first = 1, ...rest], ...tensor }) => {
      const values = floats({ shape: [], ...tensor });
      return f32([first + 1, ...rest], [...values, ...values.slice(0, values.length / first)]);
    },
    /shape|x/,
  ],
];

const models: readonly (readonly [family: string, tensor: string, model: TinyModel])[] = [
  ['DINOv3', 'layer.1.mlp.up_proj.weight', tinyDinov3(1)],
  ['DINOv3', 'norm.bias', tinyDinov3(1)],
  ['DINOv2', 'encoder.layer.0.layer_scale1.lambda1', tinyDinov2(2, { patch: 14, registers: 0 })],
  ['ConvNeXt', 'stages.2.layers.0.depthwise_conv.weight', tinyConvNext(3, [1, 1, 1, 1], [4, 8, 8, 16])],
];

const damaged = ({ config, tensors }: TinyModel, name: string, damage: Damage): TinyModel => {
  const { [name]: whole, ...others } = tensors;
  const broken = damage(whole!);
  return { config, tensors: broken ? { ...others, [name]: broken } : others };
};

/** Imports what cannot be imported, in each precision, and gives the one sentence. */
async function refusal(services: Services, source: string, precisions: readonly Precision[]) {
  const sentences = new Set<string>();
  for (const precision of precisions) {
    const reason = await importModel(services, source, { name: 'broken', precision }).then(
      () => 'imported',
      (error: Error) => error.message,
    );
    sentences.add(reason);
  }
  expect(await readdir(services.workspace.folders.models)).toEqual([]);
  expect([...services.workspace.models.list(), ...services.workspace.textModels.list()]).toEqual([]);
  expect(sentences.size).toBe(1);
  const [sentence = ''] = sentences;
  expect(sentence.split('\n')).toHaveLength(1);
  expect(sentence).not.toMatch(/onnxruntime|node:|undefined/);
  return sentence;
}

/**
 * What is wrong with the sentences for every damage: nothing, it is hoped.
 * @param write puts a broken model into a folder
 */
async function mistakes(
  write: (folder: string, damage: Damage) => void,
  tensor: string,
  precisions: readonly Precision[],
): Promise<string[]> {
  const wrong: string[] = [];
  const folder = await temporaryFolder();
  const services = openServices(join(folder, 'workspace'), undefined, 'cpu');
  for (const [what, damage, says] of damages) {
    const source = join(folder, what);
    write(source, damage);
    const sentence = await refusal(services, source, precisions);
    if (!sentence.includes(tensor) || !says.test(sentence)) wrong.push(`${what}: ${sentence}`);
  }
  return wrong;
}

test.for(models)('%s: %s', { timeout: 60_000 }, async ([, tensor, model]) => {
  const write = (folder: string, damage: Damage) =>
    void writeModelFolder(folder, damaged(model, tensor, damage));
  expect(await mistakes(write, tensor, ['fp32', 'fp16', 'int8'])).toEqual([]);
});

test('a text encoder', { timeout: 60_000 }, async () => {
  const tensor = 'text_model.encoder.layers.0.self_attn.k_proj.weight';
  const write = (folder: string, damage: Damage) => {
    writeTinyClip(folder, 1);
    writeModelFolder(folder, damaged(tinyClip(1), tensor, damage));
  };
  expect(await mistakes(write, tensor, ['fp32'])).toEqual([]);
});

test('a file that was cut off names the first tensor that is not whole', { timeout: 60_000 }, async () => {
  const folder = await temporaryFolder();
  const source = writeModelFolder(join(folder, 'source'), tinyDinov3(1));
  const path = join(source, 'model.safetensors');
  const { size } = await stat(path);
  await truncate(path, size - 10);
  const header = (await readFile(path)).subarray(8).toString('latin1');
  const names = [...header.matchAll(/"([\w.]+)":\{/g)].map(([, name]) => name!);
  const sentence = await refusal(openServices(join(folder, 'workspace'), undefined, 'cpu'), source, ['fp32']);
  expect(sentence).toContain('model.safetensors');
  expect(names.some((name) => sentence.includes(name))).toBe(true);
});
