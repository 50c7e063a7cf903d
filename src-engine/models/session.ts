import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Failure } from '#shared/errors.ts';
import type { ImageFeatures } from '../features/feature-file.ts';
import { EMBEDDING, INPUT, PATCHES } from './families/outputs.ts';
import type { InputTensor } from './preprocess.ts';

/** One output of a model: float32, row-major. */
export interface Output {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A loaded model. */
export interface ModelSession {
  readonly outputNames: readonly string[];
  /** Patch features and embedding of one preprocessed image. */
  run(input: InputTensor): Promise<ImageFeatures>;
  /** Outputs of one preprocessed image, in the order they are asked for; each begins with a batch of 1. */
  outputs(input: InputTensor, names: readonly string[]): Promise<readonly Output[]>;
  /** Frees the memory and the file; the session cannot be used afterwards. */
  release(): Promise<void>;
}

/** onnxruntime's own number for errors: its warnings about graphs say nothing to a user. */
const LOG_ERRORS_ONLY = 3;

/**
 * Loads an ONNX model with the inputs and outputs all our models have: `image` [1, 3, H, W] in; `patch_features`
 * [1, rows, columns, dimension] and `embedding` [1, E] out.
 * @throws Failure `unreadable` when the file is missing, is no model or has other inputs and outputs.
 */
export async function openSession(path: string): Promise<ModelSession> {
  const session = await load(path);
  const lacks = [PATCHES, EMBEDDING].filter((name) => !session.outputNames.includes(name));
  if (lacks.length > 0 || session.inputNames.join() !== INPUT) {
    throw new Failure(
      'unreadable',
      `${path} is not a feature extractor: it lacks ${lacks.join(' and ') || 'the input image'}.`,
    );
  }
  const outputs: ModelSession['outputs'] = async ({ data, width, height }, names) => {
    const feeds = { [INPUT]: new Tensor('float32', data, [1, 3, height, width]) };
    const results = await session.run(feeds, names);
    return names.map((name) => {
      const { dims, data: values } = results[name]!;
      return { shape: dims, data: values as Float32Array };
    });
  };
  return {
    outputNames: session.outputNames,
    outputs,
    async run(input) {
      const [patches, embedding] = await outputs(input, [PATCHES, EMBEDDING]);
      const [, rows, columns, dimension] = patches!.shape as readonly [number, number, number, number];
      return { patches: { rows, columns, dimension, data: patches!.data }, embedding: embedding!.data };
    },
    release: () => session.release(),
  };
}

async function load(path: string): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(path, {
      executionProviders: ['cpu'],
      intraOpNumThreads: availableParallelism(),
      logSeverityLevel: LOG_ERRORS_ONLY,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('unreadable', `${path}: the model cannot be loaded (${reason}).`, { cause: error });
  }
}
