/** Entry of a thread that reads stored images and makes them ready for a model, while the engine's own thread runs models. */
import { isMarkedAsUntransferable, parentPort, type Transferable } from 'node:worker_threads';
import type { PixelArray } from '#shared/arrays.ts';
import type { PixelsInfo } from '#shared/domain.ts';
import { toFailure } from '#shared/errors.ts';
import type { InputAnswer, InputOrder } from './features/inputs.ts';
import { readImage } from './imaging/read-image.ts';
import type { SliceSources } from './imaging/slice-sources.ts';
import { preprocess } from './models/preprocess.ts';

let sources: SliceSources | undefined;

/** Decoders of files are loaded only where a study links to files. */
async function fromLink(blobs: string, info: PixelsInfo): Promise<PixelArray | undefined> {
  const [{ readLinked }, { openSliceSources }] = await Promise.all([
    import('./imaging/links.ts'),
    import('./imaging/slice-sources.ts'),
  ]);
  return readLinked(blobs, info, (sources ??= openSliceSources()));
}

/** Memory of its own, so that it can be handed over; what a decoder still holds cannot be. */
function owned(pixels: PixelArray): PixelArray {
  const { data } = pixels;
  const isOwn = data.byteLength === data.buffer.byteLength && !isMarkedAsUntransferable(data.buffer);
  return isOwn ? pixels : { ...pixels, data: data.slice() };
}

async function make({ blobs, pixels: info, options }: InputOrder): Promise<InputAnswer> {
  const began = performance.now();
  try {
    const { window, ...samples } = info;
    const pixels = owned(await readImage(blobs, samples, (linked) => fromLink(blobs, linked)));
    const input = preprocess(window ? { ...pixels, window } : pixels, options);
    return { ok: true, made: { input, pixels, milliseconds: performance.now() - began } };
  } catch (error) {
    const { kind, message } = toFailure(error);
    return { ok: false, kind, message };
  }
}

parentPort!.on('message', (order: InputOrder) => {
  void make(order).then((answer) => {
    const memory: Transferable[] = answer.ok
      ? [answer.made.input.data.buffer as ArrayBuffer, answer.made.pixels.data.buffer as ArrayBuffer]
      : [];
    parentPort!.postMessage(answer, memory);
  });
});
