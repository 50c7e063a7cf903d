import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { convertModel } from '#engine/models/convert/convert-model.ts';
import { extractorOf } from '#engine/models/extractor.ts';
import { importModel } from '#engine/models/import-model.ts';
import { inputField, nodeField, outputField } from '#engine/models/onnx/encode.ts';
import { concatenate, messageField } from '#engine/models/onnx/protobuf.ts';
import { readOnnx, renamed } from '#engine/models/ready-onnx/read.ts';
import { fieldsOf } from '#engine/models/ready-onnx/wire.ts';
import { openSession } from '#engine/models/session.ts';
import type { ModelDescription } from '#shared/model-description.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { tinyDinov2, tinyDinov3, type TinyModel, writeModelFolder } from '../../support/tiny-models.ts';

const unheard = { signal: new AbortController().signal, progress: () => {} };

interface ExportOptions {
  readonly input?: string;
  readonly output?: string;
  readonly sizes?: readonly [number | string, number | string];
}

/**
 * Weights as an exporter's ONNX file: `pixel_values` in, the normed tokens out as `last_hidden_state`, values under other names,
 * nothing of the layers.
 */
async function writeExport(
  folder: string,
  model: TinyModel,
  { input = 'pixel_values', output = 'last_hidden_state', sizes = ['height', 'width'] }: ExportOptions = {},
): Promise<string> {
  const source = writeModelFolder(join(folder, 'weights'), model);
  const converted = join(folder, 'converted.onnx');
  await convertModel(source, converted, { attention: 'plain' });
  const read = readOnnx(await readFile(converted), 'converted.onnx');
  const name = (value: string): string =>
    value === '' || read.constants.has(value)
      ? value
      : value === 'image'
        ? input
        : `/model/${value}_output_0`;
  const tokens = read.nodes.findLast(({ operator }) => operator === 'LayerNormalization')!.outputs[0]!;
  const isNode = (raw: Uint8Array): boolean => [...fieldsOf(raw)][0]!.number === 1;
  const graph = [
    ...read.inGraph.filter((raw) => !isNode(raw)),
    ...read.nodes.map((node) => messageField(1, [renamed(node, name, '_node')])),
    nodeField({
      operator: 'Identity',
      domain: '',
      inputs: [name(tokens)],
      outputs: [output],
      attributes: {},
    }),
    inputField({ name: input, type: 'float32', shape: ['batch', 3, ...sizes] }),
    outputField({
      name: output,
      type: 'float32',
      shape: ['batch', 'tokens', model.config['hidden_size'] as number],
    }),
  ];
  const path = join(folder, 'export', 'onnx', 'model.onnx');
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, concatenate([...read.around, messageField(7, graph)]));
  await writeFile(join(folder, 'export', 'config.json'), JSON.stringify(model.config));
  return path;
}

const run = async (folder: string, description: ModelDescription) =>
  extractorOf(description, await openSession(join(folder, description.file)));

test.for([
  ['DINOv3', tinyDinov3(1, { layers: 3 })],
  ['DINOv2', tinyDinov2(2, { layers: 3, registers: 0 })],
  ['DINOv2 with registers', tinyDinov2(3, { layers: 3 })],
] as const)('a ready file of %s gives what its weights give, in every layer', async ([, model]) => {
  const folder = await temporaryFolder();
  const source = await writeExport(folder, model);
  const [ready, own] = [join(folder, 'ready'), join(folder, 'own')];
  const description = await importModel({ source, target: ready, name: 'ready', precision: 'fp32' }, unheard);
  expect(description).toMatchObject({ source: 'onnx', precision: 'fp32', layers: 3, deviations: {} });
  const reference = await importModel(
    { source: join(folder, 'weights'), target: own, name: 'own', precision: 'fp32' },
    unheard,
  );
  expect(description.registers).toBe(reference.registers);

  const [got, expected] = [await run(ready, description), await run(own, reference)];
  expect(new Set(got.outputNames)).toEqual(new Set(expected.outputNames));
  const input = {
    width: 20,
    height: 12,
    data: Float32Array.from({ length: 720 }, (_, i) => Math.sin(i * 0.37)),
  };
  const [a, b] = [
    (await got.outputs(input, expected.outputNames)).outputs,
    (await expected.outputs(input, expected.outputNames)).outputs,
  ];
  for (const [index, output] of b.entries()) {
    expect(a[index]!.shape).toEqual(output.shape);
    const apart = output.data.reduce(
      (most, value, i) => Math.max(most, Math.abs(value - a[index]!.data[i]!)),
      0,
    );
    expect(apart).toBeLessThan(1e-4);
  }
  await got.release();
  await expected.release();
});

test('a ready file that lacks something is refused by name, and nothing stays', async () => {
  const folder = await temporaryFolder();
  const target = join(folder, 'target');
  const model = tinyDinov3(1);
  const refused = async (source: string) => {
    const error: unknown = await importModel({ source, target, name: 'x', precision: 'fp32' }, unheard).catch(
      (failure: unknown) => failure,
    );
    expect(await readdir(folder)).not.toContain('target');
    return String(error);
  };
  expect(await refused(await writeExport(folder, model, { sizes: [224, 224] }))).toContain(
    'model.onnx takes images of ? x 3 x 224 x 224 only',
  );
  const whole = await writeExport(folder, model);
  const bytes = await readFile(whole);
  await writeFile(whole, bytes.subarray(0, bytes.byteLength / 2));
  expect(await refused(whole)).toContain('model.onnx is no ONNX model, or it is cut off');
  await writeFile(whole, bytes);
  await writeFile(join(folder, 'export', 'config.json'), JSON.stringify({ ...model.config, hidden_size: 8 }));
  expect(await refused(whole)).toMatch(/model\.onnx cannot be run on images of two sizes|not of/);
  await writeFile(join(folder, 'export', 'config.json'), JSON.stringify({ model_type: 'vit' }));
  expect(await refused(whole)).toContain('config.json without a usable model_type');
});
