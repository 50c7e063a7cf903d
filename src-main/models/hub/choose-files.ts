import { basename } from 'node:path';
import { Failure } from '#shared/errors.ts';
import type { Precision } from '#shared/model-description.ts';

/** What the hub says of a file in a repository. */
export interface HubEntry {
  readonly type: string;
  readonly path: string;
  readonly size: number;
  /** Git's hash of the file, or of what points at a large one. */
  readonly oid?: string;
  readonly lfs?: { readonly oid: string; readonly size: number };
}

export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** SHA-256 of large files; small ones have git's hash. */
  readonly hash: { readonly kind: 'sha256' | 'git'; readonly value: string };
}

/** Configuration, licences, and the vocabulary of a text encoder in any of its forms. */
const beside =
  /^(?:config\.json|preprocessor_config\.json|tokenizer\.json|vocab\.json|merges\.txt|bpe_simple_vocab_16e6\.txt\.gz|licen[cs]e[^/]*|notice[^/]*)$/i;
const weights = /^model(?:-\d+-of-\d+)?\.safetensors$/;
const onnxNames: Readonly<Record<Precision, readonly string[]>> = {
  fp32: ['model.onnx'],
  fp16: ['model_fp16.onnx'],
  int8: ['model_int8.onnx', 'model_quantized.onnx', 'model_uint8.onnx'],
};

/**
 * The files of a repository that make a model: configuration, vocabulary and licences, with the weights or, where there are none, the ONNX
 * file of the precision.
 * @throws Failure('unreadable') that names what the repository lacks
 */
export function chooseFiles(
  repository: string,
  entries: readonly HubEntry[],
  precision: Precision,
): readonly HubFile[] {
  const files = entries.filter(({ type, path }) => type === 'file' && isInside(path));
  const has = (path: string): boolean => files.some((file) => file.path === path);
  if (!has('config.json'))
    throw new Failure('unreadable', `${repository} has no config.json: it is no model Nidus can use.`);
  const model = modelFiles(repository, files, precision);
  const small = files.filter(({ path }) => beside.test(path));
  return [...small, ...model].map(toFile);
}

function modelFiles(
  repository: string,
  files: readonly HubEntry[],
  precision: Precision,
): readonly HubEntry[] {
  const safetensors = files.filter(({ path }) => weights.test(path));
  const single = safetensors.filter(({ path }) => path === 'model.safetensors');
  if (single.length > 0) return single;
  if (safetensors.length > 0)
    return [...files.filter(({ path }) => path === 'model.safetensors.index.json'), ...safetensors];
  const onnx = onnxNames[precision]
    .map((name) => files.find(({ path }) => path === `onnx/${name}` || path === name))
    .find((entry) => entry !== undefined);
  if (onnx === undefined) {
    throw new Failure(
      'unreadable',
      `${repository} has neither model.safetensors nor ${onnxNames[precision].join(' or ')}.`,
    );
  }
  // Weights beside an ONNX file carry its name: model.onnx_data, model.onnx_data_1, model.onnx.data.
  return files.filter(
    ({ path }) => path === onnx.path || new RegExp(`^${escaped(onnx.path)}[_.]data`).test(path),
  );
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/** A name from the network must not lead out of the folder it is written to. */
const isInside = (path: string): boolean =>
  !path.includes('\\') &&
  !path.startsWith('/') &&
  path.split('/').every((part) => part !== '..' && part !== '');

function toFile({ path, size, oid, lfs }: HubEntry): HubFile {
  if (lfs) return { path, size: lfs.size, hash: { kind: 'sha256', value: lfs.oid } };
  if (oid !== undefined) return { path, size, hash: { kind: 'git', value: oid } };
  throw new Failure('unreadable', `The hub gives no hash of ${basename(path)}, so it cannot be checked.`);
}
