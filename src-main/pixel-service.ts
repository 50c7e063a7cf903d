import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { PixelsInfo } from '#shared/domain.ts';
import type { Engine } from './engine/engine.ts';

const decompress = promisify(zstdDecompress);

/** Bytes of stored pixels and masks. Decompression runs in the thread pool; main only passes bytes on. */
export function pixelService(blobs: string, engine: Engine) {
  const stored = async (sha256: string) =>
    new Uint8Array(await decompress(await readFile(join(blobs, sha256.slice(0, 2), `${sha256}.zst`))));

  return {
    ofMask: stored,
    async ofImage(pixels: PixelsInfo): Promise<Uint8Array<ArrayBuffer>> {
      try {
        return await stored(pixels.sha256);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        // Linked: decoding is the engine's.
        return new Uint8Array(await engine.call('read-pixels', pixels, 'interactive'));
      }
    },
  };
}
