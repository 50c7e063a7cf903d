import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { z } from 'zod';
import { Failure } from '#shared/errors.ts';
import type { Precision } from '#shared/model-description.ts';

/** What lies at a path a person named: a folder of weights, or a ready ONNX file. */
export interface ModelSource {
  readonly form: 'weights' | 'onnx';
  /** The folder, or the ONNX file. */
  readonly path: string;
  /** What the model may be called after. */
  readonly folder: string;
  /** `model_type` of the configuration. */
  readonly family: string;
  /** Of the files that will be read. */
  readonly bytes: number;
}

/** As repositories of ready ONNX models call their files. */
const onnxNames: Readonly<Record<Precision, readonly string[]>> = {
  fp32: ['model.onnx'],
  fp16: ['model_fp16.onnx'],
  int8: ['model_int8.onnx', 'model_quantized.onnx', 'model_uint8.onnx'],
};

/**
 * Looks at a folder, or at one of a model's files.
 * @param precision which of several ready ONNX files of a folder is meant
 * @throws Failure with one sentence that names what is missing
 */
export function lookAt(path: string, precision: Precision): ModelSource {
  const whole = resolve(path);
  if (!existsSync(whole)) throw new Failure('not-found', `${path}: there is no such folder.`);
  const isFolder = statSync(whole).isDirectory();
  if (!isFolder && extname(whole) === '.onnx') return onnxSource(whole);
  const folder = isFolder ? whole : dirname(whole);
  const names = readdirSync(folder);
  if (names.some((name) => name.startsWith('model.safetensors'))) {
    const bytes = sizeOf(folder, (name) => name.endsWith('.safetensors'));
    return { form: 'weights', path: folder, folder, family: familyIn([folder]), bytes };
  }
  const files = onnxFilesIn(folder);
  if (files.length > 0) return onnxSource(chooseOnnx(folder, files, precision));
  familyIn([folder]);
  throw new Failure(
    'not-found',
    `${folder} holds neither model.safetensors nor model.safetensors.index.json, and no ONNX file.`,
  );
}

function onnxSource(path: string): ModelSource {
  const folder = dirname(path);
  const root = basename(folder) === 'onnx' ? dirname(folder) : folder;
  const bytes = sizeOf(
    folder,
    (name) => name === basename(path) || name.startsWith(`${basename(path)}_data`),
  );
  return { form: 'onnx', path, folder: root, family: familyIn([folder, dirname(folder)]), bytes };
}

function onnxFilesIn(folder: string): readonly string[] {
  return [folder, join(folder, 'onnx')].flatMap((place) =>
    existsSync(place)
      ? readdirSync(place)
          .filter((name) => extname(name) === '.onnx')
          .map((name) => join(place, name))
      : [],
  );
}

function chooseOnnx(folder: string, files: readonly string[], precision: Precision): string {
  const wanted = onnxNames[precision];
  const named = files.find((file) => wanted.includes(basename(file)));
  if (named !== undefined) return named;
  const [only, ...more] = files;
  if (only !== undefined && more.length === 0 && precision === 'fp32') return only;
  const there = files.map((file) => basename(file)).join(', ');
  throw new Failure(
    'not-found',
    `${folder} holds no ${wanted[0]} for ${precision}, but ${there}: take another precision, or name the file.`,
  );
}

const configSchema = z.object({ model_type: z.string() });

/** @throws Failure when none of the folders has a `config.json` that names a family */
function familyIn(folders: readonly string[]): string {
  const path = folders.map((folder) => join(folder, 'config.json')).find(existsSync);
  if (path === undefined)
    throw new Failure(
      'not-found',
      `${folders[0]} holds no config.json: name the folder a model was downloaded to, with its configuration and weights.`,
    );
  let parsed: ReturnType<typeof configSchema.safeParse>;
  try {
    parsed = configSchema.safeParse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Failure('unreadable', `${path} is not JSON.`, { cause: error });
  }
  if (!parsed.success) throw new Failure('unreadable', `${path} does not say its model_type.`);
  return parsed.data.model_type;
}

const sizeOf = (folder: string, counts: (name: string) => boolean): number =>
  readdirSync(folder)
    .filter(counts)
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
