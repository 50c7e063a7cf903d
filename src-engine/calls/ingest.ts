import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { PixelArray } from '#shared/arrays.ts';
import type { IngestedImage, IngestRequest } from '#shared/engine-protocol.ts';
import { decodeImage } from '../imaging/decode.ts';
import { copyPixels, linkPixels } from '../imaging/links.ts';
import { decodeMasks } from '../imaging/mask.ts';
import { refuse } from '../imaging/refusals.ts';
import { statistics } from '../imaging/statistics.ts';
import { writeBlob } from '../imaging/storage.ts';
import { thumbnail } from '../imaging/thumbnail.ts';
import type { EngineState } from '../state.ts';

/** Reads a file, or a slice of one, and its mask, and leaves pixels (or where they lie) and thumbnail in the workspace under their hash. */
export async function ingest(state: EngineState, request: IngestRequest): Promise<IngestedImage> {
  const { blobs, thumbnails } = state.options;
  const { image, mask, overlay, acquisition } = await readImage(state, request);
  const isMasked = mask?.some((pixel) => pixel > 0) ?? false;
  const [pixels, maskSha256, overlaySha256] = await Promise.all([
    request.link ? linkPixels(blobs, image, request) : copyPixels(blobs, image),
    mask && (isMasked || acquisition === null) ? writeBlob(blobs, mask) : null,
    overlay ? writeBlob(blobs, overlay) : null,
  ]);
  await writeThumbnail(join(thumbnails, pixels.sha256.slice(0, 2), `${pixels.sha256}.webp`), image);
  const { min, max, mean } = statistics(image);
  if (Number.isNaN(mean)) throw refuse(request.name, 'it holds no finite value');
  return {
    pixels,
    statistics: { min, max, mean },
    maskSha256,
    overlaySha256,
    maskIsEmpty: mask !== undefined && !isMasked,
    acquisition,
  };
}

async function readImage({ sources }: EngineState, { path, name, maskPaths, slice }: IngestRequest) {
  if (slice) {
    const { pixels, ...rest } = await sources.read(path, name, slice);
    return { image: pixels, ...rest };
  }
  const image = await decodeImage(path, { name });
  const mask = maskPaths.length === 0 ? undefined : (await decodeMasks(maskPaths, image)).data;
  return { image, mask, overlay: undefined, acquisition: null };
}

async function writeThumbnail(path: string, image: PixelArray): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, await thumbnail(image));
  await rename(temporary, path);
}
