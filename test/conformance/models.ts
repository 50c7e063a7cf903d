/**
 * Model folders with reference outputs: `config.json`, `model.safetensors`, `cases.json` and `cases/<case>/*.npy`. Each model is
 * converted as the application converts it, run through onnxruntime, and every stored output is compared.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { convertModel } from '#engine/models/convert/convert-model.ts';
import { EMBEDDING, INPUT, layerPrefix, PATCHES, REGISTERS } from '#engine/models/families/outputs.ts';
import { Failure, toFailure } from '#shared/errors.ts';
import type { Deviation } from './compare.ts';
import { readArray } from './fixture.ts';

export const modelDevices = ['cpu', 'webgpu'] as const;
export type ModelDevice = (typeof modelDevices)[number];

const MAX_ABSOLUTE = 1e-4;
const MAX_RELATIVE_L2 = 1e-5;

const casesSchema = z.object({
  cases: z.array(z.object({ name: z.string(), files: z.record(z.string(), z.array(z.number())) })),
});

export interface ModelFixture {
  readonly name: string;
  readonly folder: string;
  readonly cases: z.infer<typeof casesSchema>['cases'];
}

const isModelFolder = (folder: string): boolean =>
  existsSync(join(folder, 'config.json')) && existsSync(join(folder, 'cases.json'));

/** The model folders in a folder (or that folder itself); empty when there are none. */
export function readModelFixtures(folder: string): ModelFixture[] {
  if (!existsSync(folder)) return [];
  const folders = isModelFolder(folder)
    ? [folder]
    : readdirSync(folder)
        .sort()
        .map((name) => join(folder, name))
        .filter(isModelFolder);
  return folders.map((model) => {
    const parsed = casesSchema.safeParse(JSON.parse(readFileSync(join(model, 'cases.json'), 'utf8')));
    if (!parsed.success) {
      throw new Failure(
        'unreadable',
        `${join(model, 'cases.json')} does not list cases with name and files.`,
      );
    }
    return { name: model.split(/[\\/]/).at(-1)!, folder: model, cases: parsed.data.cases };
  });
}

/** A converted model: final outputs alone, as the application has it, and with all layers. */
export interface OpenedModel extends AsyncDisposable {
  /** Runs one case; no deviation means passed. */
  check(fixtureCase: ModelFixture['cases'][number]): Promise<Deviation[]>;
}

/** Converts a model into a temporary folder that goes with it. */
export async function openModel({ folder }: ModelFixture, device: ModelDevice): Promise<OpenedModel> {
  const temporary = await mkdtemp(join(tmpdir(), 'nidus-conformance-'));
  const remove = (): Promise<void> => rm(temporary, { recursive: true, force: true });
  try {
    const options = { executionProviders: [device], logSeverityLevel: 3 } as const;
    // Software adapters of WebGPU, on which tests run, compute fused attention wrongly.
    const attention = device === 'webgpu' ? 'plain' : 'fused';
    const { depth } = await convertModel(folder, join(temporary, 'final.onnx'), { attention });
    const final = await InferenceSession.create(join(temporary, 'final.onnx'), options);
    const choices = Array.from({ length: depth }, (_, index) => [
      { index, normed: true },
      { index, normed: false },
    ]).flat();
    await convertModel(folder, join(temporary, 'layers.onnx'), { attention, layers: choices });
    const layers = await InferenceSession.create(join(temporary, 'layers.onnx'), options);
    return {
      async check(fixtureCase) {
        try {
          return await checkCase(folder, fixtureCase, final, layers);
        } catch (error) {
          return [{ path: 'run', message: toFailure(error).message }];
        }
      },
      async [Symbol.asyncDispose]() {
        await final.release();
        await layers.release();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

const outputNames: Readonly<Record<string, string>> = {
  cls: EMBEDDING,
  registers: REGISTERS,
  patches: PATCHES,
};

/** `layers_*` hold all layers along their first axis, `stage*` one stage each. */
const storedName = /^(?:(final)|(layers)|stage(\d+))_(norm|raw)_(cls|registers|patches)$/;

async function checkCase(
  folder: string,
  { name, files }: ModelFixture['cases'][number],
  final: InferenceSession,
  layers: InferenceSession,
): Promise<Deviation[]> {
  const read = (file: string) => {
    const { shape, data } = readArray(folder, join('cases', name, `${file}.npy`));
    if (!(data instanceof Float32Array)) throw new Failure('unreadable', `${file}.npy is not float32.`);
    return { shape, data };
  };
  const input = read('input');
  const feeds = { [INPUT]: new Tensor('float32', input.data, input.shape) };
  const finalOutputs = await final.run(feeds);
  const stored = Object.keys(files).flatMap((file) => {
    const match = storedName.exec(file);
    return match ? [{ file, match }] : [];
  });
  const wantsLayers = stored.some(({ match }) => match[1] === undefined);
  const layerOutputs = wantsLayers ? await layers.run(feeds) : {};

  return stored.flatMap(({ file, match }) => {
    const [, isFinal, isAllLayers, stage, kind, token] = match;
    const { shape, data } = read(file);
    const output = outputNames[token!]!;
    if (isFinal) return compareOutput(file, finalOutputs[output], data);
    const size = isAllLayers ? data.length / shape[0]! : data.length;
    const indices = isAllLayers ? Array.from({ length: shape[0]! }, (_, index) => index) : [Number(stage)];
    return indices.flatMap((index, position) => {
      const outputName = `${layerPrefix({ index, normed: kind === 'norm' })}${output}`;
      const expected = data.subarray(position * size, (position + 1) * size);
      return compareOutput(`${file}[${index}]`, layerOutputs[outputName], expected);
    });
  });
}

function compareOutput(path: string, output: Tensor | undefined, expected: Float32Array): Deviation[] {
  if (!output) return [{ path, message: 'not computed' }];
  const got = output.data as Float32Array;
  if (got.length !== expected.length) {
    return [{ path, message: `${got.length} values, expected ${expected.length}` }];
  }
  let largest = 0;
  let squares = 0;
  let expectedSquares = 0;
  for (let i = 0; i < got.length; i++) {
    const difference = Math.abs(got[i]! - expected[i]!);
    // NaN stays: every comparison with it is false.
    if (!(difference <= largest)) largest = difference;
    squares += difference ** 2;
    expectedSquares += expected[i]! ** 2;
  }
  const relative = Math.sqrt(squares / expectedSquares);
  if (largest <= MAX_ABSOLUTE && relative <= MAX_RELATIVE_L2) return [];
  const limits = `(allowed ${MAX_ABSOLUTE} and ${MAX_RELATIVE_L2})`;
  return [{ path, message: `largest deviation ${largest}, relative L2 ${relative} ${limits}` }];
}
