/** Runs graphs and model files on the CPU. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { encodeModel } from '#engine/models/onnx/encode.ts';
import type { Graph } from '#engine/models/onnx/graph.ts';

export interface Image {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  /** batch x 3 x height x width. */
  readonly data: Float32Array;
}

export interface Output {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface RunningModel extends AsyncDisposable {
  readonly outputNames: readonly string[];
  run(image: Image): Promise<Readonly<Record<string, Output>>>;
}

const options = { executionProviders: ['cpu'], logSeverityLevel: 3, intraOpNumThreads: 1 } as const;

/** @param model path of a file, or a graph whose tensors are all in memory. */
export async function runningModel(model: string | Graph): Promise<RunningModel> {
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(encodeModel(model, { operatorSets: { '': 20 } }), options);
  return {
    outputNames: session.outputNames,
    async run({ batch, height, width, data }) {
      const image = new Tensor('float32', data, [batch, 3, height, width]);
      const outputs = await session.run({ [session.inputNames[0]!]: image });
      return Object.fromEntries(
        Object.entries(outputs).map(([name, { dims, data }]) => [
          name,
          { shape: dims, data: data as Float32Array },
        ]),
      );
    },
    async [Symbol.asyncDispose]() {
      await session.release();
    },
  };
}
