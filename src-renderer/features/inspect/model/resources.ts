/** Pixels, masks and maps of the binary routes as typed arrays; what a fetch can say goes wrong is a Failure. */
import type { Mask, PixelArray } from '#shared/arrays.ts';
import type { PixelType, StudyImage } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { routes } from '#shared/routes.ts';

type SampleArray =
  | Uint8ArrayConstructor
  | Uint16ArrayConstructor
  | Int16ArrayConstructor
  | Float32ArrayConstructor;

const sampleArrays: Record<PixelType, SampleArray> = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  float32: Float32Array,
};

async function fetchBytes(url: string, name: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (response.ok) return response.arrayBuffer();
  throw new Failure(
    response.status === 404 ? 'not-found' : 'storage',
    `${name} could not be loaded (the application answered ${response.status}).`,
  );
}

/** Samples as stored, shape from the image's record. Throws a Failure when the answer has another length. */
export async function fetchPixels(image: StudyImage): Promise<PixelArray> {
  const { type, width, height, channels, bits } = image.pixels;
  const bytes = await fetchBytes(routes.pixels(image.id), `The pixels of ${image.name}`);
  const data = new sampleArrays[type](bytes);
  if (data.length !== width * height * channels) {
    throw new Failure('unreadable', `The pixels of ${image.name} do not have the size of the image.`);
  }
  return { width, height, channels, bits, data };
}

/** What the file of an image draws over it; null where that is nothing. */
export async function fetchOverlay(image: StudyImage): Promise<Mask | null> {
  if (!image.hasOverlay) return null;
  const { width, height } = image.pixels;
  const bytes = await fetchBytes(routes.overlay(image.id), `The overlay of ${image.name}`);
  return { width, height, data: new Uint8Array(bytes) };
}

/** Ground truth of an image: null when nobody knows it, all zero when it is known to be empty. */
export async function fetchGroundTruth(image: StudyImage): Promise<Mask | null> {
  const { width, height } = image.pixels;
  if (image.groundTruth === 'unknown') return null;
  if (image.groundTruth === 'empty') return { width, height, data: new Uint8Array(width * height) };
  const bytes = await fetchBytes(routes.mask(image.id), `The ground truth of ${image.name}`);
  return { width, height, data: new Uint8Array(bytes) };
}
