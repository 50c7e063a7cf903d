import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { randomUUID } from 'node:crypto';
import type { PixelArray } from '#shared/arrays.ts';
import type { IngestedImage, IngestRequest } from '#shared/engine-protocol.ts';
import { decodeImage } from '../imaging/decode.ts';
import { decodeMasks } from '../imaging/mask.ts';
import { statistics } from '../imaging/statistics.ts';
import { writeBlob, writePixels } from '../imaging/storage.ts';
import { thumbnail } from '../imaging/thumbnail.ts';
import type { EngineState } from '../state.ts';

/** Reads a file and its mask, and leaves pixels and thumbnail in the workspace under their hash. */
export async function ingest({ options }: EngineState, request: IngestRequest): Promise<IngestedImage> {
  const image = await decodeImage(request.path, { name: request.name });
  const mask = request.maskPaths.length === 0 ? null : await decodeMasks(request.maskPaths, image);
  const [pixels, maskSha256] = await Promise.all([
    writePixels(options.blobs, image),
    mask === null ? null : writeBlob(options.blobs, mask.data),
  ]);
  await writeThumbnail(join(options.thumbnails, pixels.sha256.slice(0, 2), `${pixels.sha256}.webp`), image);
  const { min, max, mean } = statistics(image);
  return { pixels, statistics: { min, max, mean }, maskSha256 };
}

async function writeThumbnail(path: string, image: PixelArray): Promise<void> {
  if (existsSync(path)) return;
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}`;
  await writeFile(temporary, await thumbnail(image));
  await rename(temporary, path);
}
