import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { PixelArray } from '#shared/arrays.ts';
import type { PixelsInfo } from '#shared/domain.ts';
import { Failure, type FailureKind } from '#shared/errors.ts';
import type { InputTensor, PreprocessOptions } from '../models/preprocess.ts';
import { isUrgent } from '../turns.ts';
import type { ImageReader } from './image-reader.ts';

/** What a thread is asked for. */
export interface InputOrder {
  readonly blobs: string;
  readonly pixels: PixelsInfo;
  readonly options: PreprocessOptions;
}

interface Made {
  readonly input: InputTensor;
  readonly pixels: PixelArray;
  readonly milliseconds: number;
}

export type InputAnswer =
  | { readonly ok: true; readonly made: Made }
  | { readonly ok: false; readonly kind: FailureKind; readonly message: string };

/** An image made ready, and the milliseconds that took. */
export type Input = Omit<Made, 'pixels'>;

/** Inference takes every core on a CPU; where there are many, one thread could not keep up with a GPU. */
const threads = Math.max(1, Math.min(4, Math.floor(availableParallelism() / 4)));

interface Waiting extends PromiseWithResolvers<Input> {
  readonly order: InputOrder;
  readonly urgent: boolean;
}

/**
 * Reads, decompresses and resizes stored images in threads of their own, for a run of a model blocks the engine's. Whoever asks
 * for the next image while one is in the model finds it ready.
 */
export function openInputs(blobs: string, images: ImageReader, entry: URL) {
  const waiting: Waiting[] = [];
  const idle: Worker[] = [];
  const busy = new Map<Worker, Waiting>();

  const start = (): Worker => {
    const worker = new Worker(entry);
    worker.unref();
    worker.on('message', (answer: InputAnswer) => {
      const one = busy.get(worker)!;
      busy.delete(worker);
      idle.push(worker);
      pump();
      if (!answer.ok) return one.reject(new Failure(answer.kind, answer.message));
      const { pixels, ...made } = answer.made;
      images.keep(one.order.pixels, pixels);
      one.resolve(made);
    });
    worker.on('error', (error) => {
      const reason = error instanceof Error ? error.message : String(error);
      busy.get(worker)?.reject(new Failure('unreadable', `An image could not be made ready (${reason}).`));
      busy.delete(worker);
      pump();
    });
    return worker;
  };

  const pump = (): void => {
    while (waiting.length > 0 && busy.size < threads) {
      const urgent = waiting.findIndex((one) => one.urgent);
      const [next] = waiting.splice(Math.max(urgent, 0), 1);
      const worker = idle.pop() ?? start();
      busy.set(worker, next!);
      worker.postMessage(next!.order);
    }
  };

  return {
    /** @throws Failure as reading stored pixels and preparing them does */
    make(pixels: PixelsInfo, options: PreprocessOptions): Promise<Input> {
      const one: Waiting = {
        ...Promise.withResolvers<Input>(),
        order: { blobs, pixels, options },
        urgent: isUrgent(),
      };
      waiting.push(one);
      pump();
      return one.promise;
    },
  };
}

export type Inputs = ReturnType<typeof openInputs>;
