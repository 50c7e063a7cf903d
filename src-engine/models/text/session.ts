import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { ComputeDevice } from '#shared/devices.ts';
import { Failure } from '#shared/errors.ts';
import { TEXT_INPUT, TEXT_OUTPUTS } from '../families/clip-text/outputs.ts';
import { oneAtATime } from '../../turns.ts';
import { loadSession } from '../session.ts';

/** A loaded text encoder. */
export interface TextSession {
  /** Outputs by name for texts of ids; shorter texts are padded, which changes nothing before their end. */
  run(
    ids: readonly (readonly number[])[],
    outputs: readonly string[],
  ): Promise<ReadonlyMap<string, Float32Array>>;
  release(): Promise<void>;
}

/** Never the largest id, never an end of text. */
const PADDING = 0;

/** @throws Failure `unreadable` when the file is missing or is no text encoder */
export async function openTextSession(path: string, device: ComputeDevice = 'cpu'): Promise<TextSession> {
  const session: InferenceSession = await loadSession(path, device);
  if (session.inputNames.join() !== TEXT_INPUT || !session.outputNames.includes(TEXT_OUTPUTS.embedding)) {
    throw new Failure('unreadable', `${path} is not a text encoder.`);
  }
  return {
    async run(ids, outputs) {
      const length = Math.max(...ids.map((text) => text.length));
      const padded = BigInt64Array.from(
        ids.flatMap((text) => [...text, ...Array.from({ length: length - text.length }, () => PADDING)]),
        BigInt,
      );
      const feeds = { [TEXT_INPUT]: new Tensor('int64', padded, [ids.length, length]) };
      const results = await oneAtATime(() => session.run(feeds, outputs));
      return new Map(outputs.map((name) => [name, asFloats(results[name]!.data)]));
    },
    release: () => session.release(),
  };
}

const asFloats = (data: Tensor['data']): Float32Array =>
  data instanceof Float32Array ? data : Float32Array.from(data as ArrayLike<bigint>, Number);
