import type { PixelArray } from '#shared/arrays.ts';
import type { PixelsInfo } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { readPixels } from './storage.ts';

/**
 * Pixels of an image of the workspace, wherever they lie.
 * @param fromLink asked where the workspace does not hold them; undefined where they are not linked either
 * @throws Failure as `readPixels` and `readLinked` do
 */
export async function readImage(
  blobs: string,
  info: PixelsInfo,
  fromLink: (info: PixelsInfo) => Promise<PixelArray | undefined>,
): Promise<PixelArray> {
  try {
    return await readPixels(blobs, info);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
    const linked = await fromLink(info);
    if (linked) return linked;
    throw error;
  }
}
