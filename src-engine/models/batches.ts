import { oneAtATime } from '../turns.ts';
import type { InputTensor } from './preprocess.ts';

/** One output of a model: float32, row-major. */
export interface Output {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface Outputs {
  /** In the order they were asked for; each begins with a batch of 1. */
  readonly outputs: readonly Output[];
  /** The image's share of the run. */
  readonly milliseconds: number;
}

/** A run of several inputs of one size: the outputs by name, their first axis the inputs. */
export type RunBatch = (
  inputs: readonly InputTensor[],
  names: readonly string[],
) => Promise<readonly Output[]>;

interface Waiting extends PromiseWithResolvers<Outputs> {
  readonly key: string;
  readonly input: InputTensor;
}

/**
 * Inputs of one size that wait for the same outputs at the same time go through the model together, up to `limit`. Nobody waits
 * for company: the first in the queue takes along who is there when its turn comes.
 */
export function openBatches(limit: number, run: RunBatch) {
  const waiting = new Set<Waiting>();

  const runTogether = async (batch: readonly Waiting[], names: readonly string[]): Promise<void> => {
    const began = performance.now();
    const whole = await run(
      batch.map(({ input }) => input),
      names,
    );
    const milliseconds = (performance.now() - began) / batch.length;
    for (const [index, { resolve }] of batch.entries()) {
      const outputs = whole.map((output) => (batch.length === 1 ? output : itemOf(output, index)));
      resolve({ outputs, milliseconds });
    }
  };

  const serve = async (first: Waiting, names: readonly string[]): Promise<void> => {
    if (!waiting.has(first)) return;
    const others = [...waiting].filter((one) => one !== first && one.key === first.key);
    const batch = [first, ...others.slice(0, limit - 1)];
    for (const one of batch) waiting.delete(one);
    try {
      await runTogether(batch, names);
    } catch (error) {
      // What is too much together may fit one by one.
      if (batch.length === 1) return first.reject(error);
      for (const one of batch) await runTogether([one], names).catch(one.reject);
    }
  };

  return (input: InputTensor, names: readonly string[]): Promise<Outputs> => {
    const key = `${input.width} ${input.height} ${names.join()}`;
    const mine: Waiting = { ...Promise.withResolvers<Outputs>(), key, input };
    waiting.add(mine);
    oneAtATime(() => serve(mine, names)).catch((error: unknown) => {
      waiting.delete(mine);
      mine.reject(error);
    });
    return mine.promise;
  };
}

function itemOf({ shape: [count = 1, ...rest], data }: Output, index: number): Output {
  const size = data.length / count;
  return { shape: [1, ...rest], data: data.slice(index * size, (index + 1) * size) };
}
