import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Failure } from '#shared/errors.ts';
import type { ImageFeatures } from '../features/feature-file.ts';
import type { InputTensor } from './preprocess.ts';

/** A loaded model. */
export interface ModelSession {
  /** Patch features and embedding of one preprocessed image. */
  run(input: InputTensor): Promise<ImageFeatures>;
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
  const lacks = ['patch_features', 'embedding'].filter((name) => !session.outputNames.includes(name));
  if (lacks.length > 0 || session.inputNames.join() !== 'image') {
    throw new Failure(
      'unreadable',
      `${path} is not a feature extractor: it lacks ${lacks.join(' and ') || 'the input image'}.`,
    );
  }
  return {
    async run({ data, width, height }) {
      const outputs = await session.run({ image: new Tensor('float32', data, [1, 3, height, width]) }, [
        'patch_features',
        'embedding',
      ]);
      const patches = outputs['patch_features']!;
      const [, rows, columns, dimension] = patches.dims as readonly [number, number, number, number];
      return {
        patches: { rows, columns, dimension, data: patches.data as Float32Array },
        embedding: outputs['embedding']!.data as Float32Array,
      };
    },
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
