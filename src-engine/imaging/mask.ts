import { basename } from 'node:path';
import type { Mask } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { decodeImage } from './decode.ts';
import type { DecodedImage } from './decode.ts';

/** The image a mask belongs to. */
export interface MaskedImage {
  readonly width: number;
  readonly height: number;
  /** Shown in errors instead of the path of the mask. */
  readonly name?: string;
}

/**
 * Decode a mask image and binarise it: a pixel is inside where any channel is above 0. In a JPEG, whose
 * compression leaves faint noise around every edge, it has to be above half of the largest sample.
 *
 * @throws Failure 'unreadable' as `decodeImage`, 'invalid' when its size is not that of the image.
 */
export async function decodeMask(path: string, image: MaskedImage): Promise<Mask> {
  const name = image.name ?? basename(path);
  const decoded = await decodeImage(path, { name });
  if (decoded.width !== image.width || decoded.height !== image.height) {
    throw new Failure(
      'invalid',
      `${name}: the mask is ${decoded.width} x ${decoded.height} pixels, its image ${image.width} x ${image.height}`,
    );
  }
  return binarise(decoded);
}

/**
 * The union of an image's masks: MVTec LOCO has a file for each region.
 *
 * @throws Failure as `decodeMask`, for the first that cannot be used.
 */
export async function decodeMasks(paths: readonly string[], image: MaskedImage): Promise<Mask> {
  const { width, height } = image;
  const data = new Uint8Array(width * height);
  for (const path of paths) {
    const mask = await decodeMask(path, image);
    for (let i = 0; i < data.length; i++) data[i]! |= mask.data[i]!;
  }
  return { width, height, data };
}

function binarise({ width, height, channels, data, format }: DecodedImage): Mask {
  let threshold = 0;
  if (format === 'jpeg') for (const sample of data) threshold = Math.max(threshold, sample / 2);
  const mask = new Uint8Array(width * height);
  for (let i = 0; i < data.length; i++) {
    if (data[i]! > threshold) mask[Math.floor(i / channels)] = 1;
  }
  return { width, height, data: mask };
}
