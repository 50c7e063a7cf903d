import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import type { PixelArray } from '#shared/arrays.ts';
import type { PixelsInfo } from '#shared/domain.ts';
import type { SlicePlan } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { decodeImage } from './decode.ts';
import { refuse } from './refusals.ts';
import type { SliceSources } from './slice-sources.ts';
import { sha256OfPixels } from './statistics.ts';
import { blobPath, isValid, pixelsInfo, writePixels, writeWhole } from './storage.ts';

/** Where pixels lie that were not copied into the workspace. Main reads `path` of it to say what is linked. */
export interface LinkedSource {
  readonly path: string;
  /** Which slice of the file; null where the file is a picture. */
  readonly slice: SlicePlan | null;
}

/** Beside the blob it stands for. */
const linkPath = (folder: string, sha: string): string => blobPath(folder, sha).replace(/\.zst$/, '.link');

/** Notes where the pixels lie, unless the workspace holds them. A link that is there is replaced: files move. */
export async function linkPixels(
  folder: string,
  pixels: PixelArray,
  { path, slice }: LinkedSource,
): Promise<PixelsInfo> {
  const info = pixelsInfo(pixels, sha256OfPixels(pixels));
  if (await isValid(folder, info.sha256)) return info;
  const link: LinkedSource = { path, slice: slice && { ...slice, mask: null, overlay: false } };
  await writeWhole(linkPath(folder, info.sha256), Buffer.from(JSON.stringify(link)));
  return info;
}

/** Pixels into the workspace, which then needs no link to them. */
export async function copyPixels(folder: string, pixels: PixelArray): Promise<PixelsInfo> {
  const info = await writePixels(folder, pixels);
  await rm(linkPath(folder, info.sha256), { force: true });
  return info;
}

/** Undefined where the pixels are not linked. */
async function readLink(folder: string, sha: string): Promise<LinkedSource | undefined> {
  try {
    return JSON.parse(await readFile(linkPath(folder, sha), 'utf8')) as LinkedSource;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Failure('storage', 'The note of where a linked file lies is damaged; import the image again.', {
      cause: error,
    });
  }
}

/**
 * The pixels from where they lie, the same to the last bit as when they were imported; undefined where they are not linked.
 * @throws Failure 'unreadable' when the file has gone or changed.
 */
export async function readLinked(
  folder: string,
  info: PixelsInfo,
  sources: SliceSources,
): Promise<PixelArray | undefined> {
  const link = await readLink(folder, info.sha256);
  if (link === undefined) return undefined;
  const { path, slice } = link;
  const name = basename(path);
  if (!existsSync(path))
    throw refuse(name, 'the linked file is not there any more; put it back, or import it again');
  const { width, height, channels, bits, data } = slice
    ? (await sources.read(path, name, slice)).pixels
    : await decodeImage(path, { name });
  const pixels = { width, height, channels, bits, data };
  if (sha256OfPixels(pixels) !== info.sha256)
    throw refuse(
      name,
      'the linked file has changed since it was imported; import it again, or bring it back',
    );
  return pixels;
}
