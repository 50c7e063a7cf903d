import { copyFile, readFile, stat, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { Failure, toFailure } from '#shared/errors.ts';
import type { ModelEntry, Precision } from '#shared/model-description.ts';
import { type CallContext, throwIfCancelled } from '../../calls/context.ts';
import { readConfig, readPreprocessing } from '../convert/model-folder.ts';
import { extractorOf } from '../extractor.ts';
import { interpolationOf } from '../families/interpolation.ts';
import type { Described } from '../convert-and-try.ts';
import { type ImportRequest, MODEL_FILE } from '../model-files.ts';
import { selfCheck } from '../self-check.ts';
import { openSession } from '../session.ts';
import { blocksOf } from './blocks.ts';
import { exposed } from './expose.ts';
import { type ReadModel, type ReadValue, readOnnx } from './read.ts';

/** Protocol Buffers end here; larger models have their weights in other files. */
const LARGEST = 2 ** 31;
/** Slices, reshapes and the like are as they were then. */
const OPERATOR_SET = 13;
const FLOAT16 = 10;
const TOKENS = 'last_hidden_state';

const size = z.int().positive();
const configSchema = z.object({
  model_type: z.enum(['dinov3_vit', 'dinov3_convnext', 'dinov2', 'dinov2_with_registers']),
  hidden_size: size.optional(),
  hidden_sizes: z.array(size).min(1).optional(),
  num_hidden_layers: size.optional(),
  patch_size: size.optional(),
  num_register_tokens: z.int().nonnegative().default(0),
});

/**
 * Takes over a ready ONNX file, as exporters write it: images in, the normed tokens of the last layer out. What it lacks is added
 * to its graph; weights outside the file come along.
 * @throws Failure `unreadable` that names what the file lacks
 */
export async function adoptOnnx(
  { source, target, name }: ImportRequest,
  { signal, progress }: CallContext,
): Promise<Described> {
  const file = basename(source);
  const refuse = (reason: string): Failure => new Failure('unreadable', `${file} ${reason}.`);
  progress({ share: 0, activity: `Reading ${file}` });
  if ((await stat(source)).size >= LARGEST) throw refuse('is larger than an ONNX file can be');
  const model = readOnnx(await readFile(source), file);
  const folder = await folderOfConfig(source);
  const config = parseConfig(await readConfig(folder), refuse);
  const { input, tokens } = edgesOf(model, config.patch, refuse);
  if (model.operatorSet < OPERATOR_SET)
    throw refuse(`is written with operator set ${model.operatorSet}; Nidus needs ${OPERATOR_SET} or later`);

  const blocks = config.depth === 0 ? null : blocksOf(model, tokens.name, config.depth);
  const bytes = exposed(model, {
    input: input.name,
    inputIsHalf: input.elementType === FLOAT16,
    tokens: tokens.name,
    blocks,
    patch: config.patch,
    registers: config.registers,
    dimension: config.dimension,
  });
  await writeFile(join(target, MODEL_FILE), bytes);
  const external = [...model.externalFiles];
  for (const [index, beside] of external.entries()) {
    throwIfCancelled(signal);
    progress({ share: 0.1 + (0.5 * index) / external.length, activity: `Copying ${beside}` });
    await copyBeside(source, target, beside, refuse);
  }

  progress({ share: 0.7, activity: `Trying ${name}` });
  const normalisation = await readPreprocessing(folder);
  const entry: ModelEntry = {
    name,
    file: MODEL_FILE,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    patch: config.patch,
    minimumSize: config.patch,
    dimension: config.dimension,
    embeddingDimension: config.dimension,
    normalisation: {
      mean: [...normalisation.mean],
      standardDeviation: [...normalisation.standardDeviation],
    },
    interpolation: interpolationOf(config.family),
    layers: blocks?.outputs.length ?? 0,
    precision: precisionOf(model, refuse),
  };
  const session = await openSession(join(target, MODEL_FILE)).catch((error: unknown) => {
    throw refuse(`cannot be loaded: ${toFailure(error).message.replaceAll(target, '')}`);
  });
  const extractor = extractorOf(entry, session);
  try {
    const { milliseconds } = await selfCheck(extractor);
    return {
      ...entry,
      family: config.family,
      registers: config.registers,
      source: 'onnx',
      fileNames: [MODEL_FILE, ...external],
      deviations: {},
      milliseconds,
    };
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind !== 'bug') throw failure;
    // The runtime's own words: a shape that was fixed when the file was exported, an operator it does not have.
    throw refuse(`cannot be run on images of two sizes (${failure.message.split('\n')[0]})`);
  } finally {
    await extractor.release();
  }
}

/** Repositories keep ONNX files one folder below the configuration. */
async function folderOfConfig(source: string): Promise<string> {
  const beside = dirname(source);
  const isThere = await stat(join(beside, 'config.json')).catch(() => null);
  return isThere ? beside : dirname(beside);
}

function parseConfig(json: unknown, refuse: (reason: string) => Failure) {
  const parsed = configSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!;
    throw refuse(`comes with a config.json without a usable ${path.join('.')}: ${message}`);
  }
  const {
    model_type: family,
    hidden_size,
    hidden_sizes,
    num_hidden_layers,
    patch_size,
    num_register_tokens,
  } = parsed.data;
  const isConvNext = family === 'dinov3_convnext';
  const dimension = isConvNext ? hidden_sizes?.at(-1) : hidden_size;
  const patch = isConvNext ? 4 * 2 ** ((hidden_sizes?.length ?? 4) - 1) : patch_size;
  if (dimension === undefined || patch === undefined)
    throw refuse('comes with a config.json that lacks hidden_size or patch_size');
  return {
    family,
    dimension,
    patch,
    registers: family === 'dinov2' || isConvNext ? 0 : num_register_tokens,
    /** Blocks whose outputs can be exposed. */
    depth: isConvNext ? 0 : (num_hidden_layers ?? 0),
  };
}

const shapeText = ({ shape }: ReadValue): string => shape.map((extent) => extent ?? '?').join(' x ');

/** Its one input of images and its output of tokens. */
function edgesOf({ inputs, outputs }: ReadModel, patch: number, refuse: (reason: string) => Failure) {
  const [input, ...more] = inputs;
  if (input?.shape.length !== 4) throw refuse('takes no images: its first input has not four dimensions');
  if (more.length > 0) throw refuse(`wants more than images: ${more.map(({ name }) => name).join(', ')}`);
  const [batch, , height, width] = input.shape;
  if (typeof height === 'number' || typeof width === 'number' || (typeof batch === 'number' && batch !== 1)) {
    throw refuse(
      `takes images of ${shapeText(input)} only: export it with height and width left open, in steps of ${patch}`,
    );
  }
  const tokens =
    outputs.find(({ name }) => name === TOKENS) ?? outputs.find(({ shape }) => shape.length === 3);
  if (tokens === undefined) {
    const there = outputs.map(({ name }) => name).join(', ');
    throw refuse(`gives ${there}, but no ${TOKENS} (batch x tokens x dimension)`);
  }
  return { input, tokens };
}

function precisionOf({ nodes, halves }: ReadModel, refuse: (reason: string) => Failure): Precision {
  if (nodes.some(({ operator }) => /^MatMul(NBits|BnB4)$/i.test(operator)))
    throw refuse('has weights of 4 bits, which Nidus does not take: choose another precision');
  if (
    nodes.some(({ operator }) => /^(DequantizeLinear|DynamicQuantize|MatMulInteger|QLinear)/.test(operator))
  )
    return 'int8';
  return halves ? 'fp16' : 'fp32';
}

async function copyBeside(
  source: string,
  target: string,
  name: string,
  refuse: (reason: string) => Failure,
): Promise<void> {
  if (basename(name) !== name) throw refuse(`names ${name}, which lies outside its folder`);
  try {
    await copyFile(join(dirname(source), name), join(target, name));
  } catch (error) {
    throw new Failure('not-found', `${basename(source)} needs ${name} beside it, which cannot be read.`, {
      cause: error,
    });
  }
}
