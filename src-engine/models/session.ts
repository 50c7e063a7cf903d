import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { type ComputeDevice, deviceNames } from '#shared/devices.ts';
import type { Device } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { ImageFeatures } from '../features/feature-file.ts';
import { EMBEDDING, INPUT, type LayerChoice, layerPrefix, PATCHES } from './families/outputs.ts';
import type { InputTensor } from './preprocess.ts';

/** One output of a model: float32, row-major. */
export interface Output {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A loaded model. */
export interface ModelSession {
  readonly outputNames: readonly string[];
  /** Patch features of the model's end, or of a layer, and the embedding of its end, of one preprocessed image. */
  run(input: InputTensor, layer?: LayerChoice): Promise<ImageFeatures>;
  /** Outputs of one preprocessed image, in the order they are asked for; each begins with a batch of 1. */
  outputs(input: InputTensor, names: readonly string[]): Promise<readonly Output[]>;
  /** Frees the memory and the file; the session cannot be used afterwards. */
  release(): Promise<void>;
}

/** onnxruntime's own number for errors: its warnings about graphs say nothing to a user. */
const LOG_ERRORS_ONLY = 3;

/** Runs must not overlap: some providers crash, and on the CPU they would only share the same cores. */
let last: Promise<unknown> = Promise.resolve();
export function oneAtATime<T>(work: () => Promise<T>): Promise<T> {
  const next = last.then(work, work);
  last = next.catch(() => {});
  return next;
}

/**
 * Loads an ONNX model with the inputs and outputs all our models have: `image` [1, 3, H, W] in; `patch_features`
 * [1, rows, columns, dimension] and `embedding` [1, E] out.
 * @throws Failure `unreadable` when the file is missing, is no model or has other inputs and outputs, `device` when the device
 * cannot run it.
 */
export async function openSession(path: string, device: ComputeDevice = 'cpu'): Promise<ModelSession> {
  const session = await loadSession(path, device);
  const lacks = [PATCHES, EMBEDDING].filter((name) => !session.outputNames.includes(name));
  if (lacks.length > 0 || session.inputNames.join() !== INPUT) {
    throw new Failure(
      'unreadable',
      `${path} is not a feature extractor: it lacks ${lacks.join(' and ') || 'the input image'}.`,
    );
  }
  const outputs: ModelSession['outputs'] = async ({ data, width, height }, names) => {
    const feeds = { [INPUT]: new Tensor('float32', data, [1, 3, height, width]) };
    const results = await oneAtATime(() => session.run(feeds, names)).catch((error: unknown) => {
      if (device === 'cpu') throw error;
      throw new Failure('device', `${deviceNames[device]} failed (${plainReason(error)}).`, { cause: error });
    });
    return names.map((name) => {
      const { dims, data: values } = results[name]!;
      return { shape: dims, data: values as Float32Array };
    });
  };
  return {
    outputNames: session.outputNames,
    outputs,
    async run(input, layer) {
      const prefix = layer ? layerPrefix(layer) : '';
      const [patches, embedding] = await outputs(input, [`${prefix}${PATCHES}`, EMBEDDING]);
      const [, rows, columns, dimension] = patches!.shape as readonly [number, number, number, number];
      return { patches: { rows, columns, dimension, data: patches!.data }, embedding: embedding!.data };
    },
    // Runs that wait for their turn still need it.
    release: () => oneAtATime(() => session.release()),
  };
}

/**
 * A session of any graph: a file, or the bytes of a model. Graphs that were never tried on a device run on the CPU with `auto`.
 * @throws Failure as `openSession` does
 */
export async function loadSession(model: string | Uint8Array, wanted: Device): Promise<InferenceSession> {
  const device = wanted === 'auto' ? 'cpu' : wanted;
  try {
    const options = {
      executionProviders: [device],
      intraOpNumThreads: availableParallelism(),
      logSeverityLevel: LOG_ERRORS_ONLY,
    } as const;
    return await (typeof model === 'string'
      ? InferenceSession.create(model, options)
      : InferenceSession.create(model, options));
  } catch (error) {
    const reason = plainReason(error);
    if (device !== 'cpu') {
      throw new Failure('device', `${deviceNames[device]} cannot be used here (${reason}).`, {
        cause: error,
      });
    }
    const what = typeof model === 'string' ? model : 'a graph of Nidus';
    throw new Failure('unreadable', `${what}: the model cannot be loaded (${reason}).`, { cause: error });
  }
}

/** onnxruntime's message without the place in its source and the condition that failed there. */
function plainReason(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return line.replace(/^.* was false\. /, '').replace(/^\/\S+:\d+ \S+ /, '');
}
