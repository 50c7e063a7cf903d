import { availableParallelism } from 'node:os';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { PatchFeatures } from '#shared/arrays.ts';
import { type ComputeDevice, deviceNames } from '#shared/devices.ts';
import type { Device } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Precision } from '#shared/model-description.ts';
import type { ImageFeatures } from '../features/feature-file.ts';
import { afterAllTurns } from '../turns.ts';
import { openBatches, type Output, type Outputs } from './batches.ts';
import { EMBEDDING, INPUT, type LayerChoice, layerPrefix, PATCHES } from './families/outputs.ts';
import type { InputTensor } from './preprocess.ts';

/** A loaded model. */
export interface ModelSession {
  readonly outputNames: readonly string[];
  /** Patch features of the model's end, or of a layer, and the embedding of its end, of one preprocessed image. */
  run(input: InputTensor, layer?: LayerChoice): Promise<ImageFeatures>;
  /** Any outputs of one preprocessed image. */
  outputs(input: InputTensor, names: readonly string[]): Promise<Outputs>;
  /** Frees the memory and the file; the session cannot be used afterwards. */
  release(): Promise<void>;
}

/** onnxruntime's own number for errors: its warnings about graphs say nothing to a user. */
const LOG_ERRORS_ONLY = 3;

/** Images a run on a GPU, which a single one leaves half idle. On the CPU one fills every core. */
const GPU_BATCH = 4;

/**
 * Loads an ONNX model with the inputs and outputs all our models have: `image` [1, 3, H, W] in; `patch_features`
 * [1, rows, columns, dimension] and `embedding` [1, E] out.
 * @param batch images a run at most
 * @throws Failure `unreadable` when the file is missing, is no model or has other inputs and outputs, `device` when the device
 * cannot run it.
 */
export async function openSession(
  path: string,
  device: ComputeDevice = 'cpu',
  batch = 1,
): Promise<ModelSession> {
  const session = await loadSession(path, device);
  const lacks = [PATCHES, EMBEDDING].filter((name) => !session.outputNames.includes(name));
  if (lacks.length > 0 || session.inputNames.join() !== INPUT) {
    throw new Failure(
      'unreadable',
      `${path} is not a feature extractor: it lacks ${lacks.join(' and ') || 'the input image'}.`,
    );
  }
  const [input] = session.inputMetadata;
  // A graph for one image has a number where others have a name.
  const takesSeveral = input?.isTensor === true && typeof input.shape[0] === 'string';
  const outputs = openBatches(takesSeveral ? batch : 1, async (inputs, names) => {
    const { width, height } = inputs[0]!;
    const feeds = { [INPUT]: new Tensor('float32', together(inputs), [inputs.length, 3, height, width]) };
    const results = await session.run(feeds, names).catch((error: unknown) => {
      if (device === 'cpu') throw error;
      throw new Failure('device', `${deviceNames[device]} failed (${plainReason(error)}).`, { cause: error });
    });
    return names.map((name) => {
      const { dims, data: values } = results[name]!;
      return { shape: dims, data: values as Float32Array };
    });
  });
  return {
    outputNames: session.outputNames,
    outputs,
    async run(input, layer) {
      const prefix = layer ? layerPrefix(layer) : '';
      const run = await outputs(input, [`${prefix}${PATCHES}`, EMBEDDING]);
      const [patches, embedding] = run.outputs;
      return { patches: patchesOf(patches!), embedding: embedding!.data };
    },
    // Runs that wait for their turn still need it.
    release: () => afterAllTurns(() => session.release()),
  };
}

/** How many images a run of a model may take. A dynamically quantised one would see one range over all of them. */
export const batchOn = (device: ComputeDevice, precision: Precision): number =>
  device === 'cpu' || precision === 'int8' ? 1 : GPU_BATCH;

export function patchesOf({ shape, data }: Output): PatchFeatures {
  const [, rows, columns, dimension] = shape as readonly [number, number, number, number];
  return { rows, columns, dimension, data };
}

function together(inputs: readonly InputTensor[]): Float32Array {
  const [first, ...others] = inputs;
  if (others.length === 0) return first!.data;
  const all = new Float32Array(inputs.length * first!.data.length);
  for (const [index, { data }] of inputs.entries()) all.set(data, index * data.length);
  return all;
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
