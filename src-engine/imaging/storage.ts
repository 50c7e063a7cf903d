import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { constants, zstdCompress, zstdDecompress } from 'node:zlib';
import type { PixelArray } from '#shared/arrays.ts';
import type { PixelsInfo, PixelType } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { view } from './samples.ts';
import { pixelBytes, sha256 } from './statistics.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const compressionOptions = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** Where a blob lies: `ab/abcdef….zst` below the folder. */
export function blobPath(folder: string, sha: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha)) throw new Failure('invalid', `"${sha}" is not a SHA-256.`);
  return join(folder, sha.slice(0, 2), `${sha}.zst`);
}

/**
 * Store bytes, compressed with zstd level 1, under the SHA-256 of the uncompressed bytes, which is returned. The
 * file appears complete or not at all: it is written and flushed under another name and then renamed. A blob that is
 * there already is not written again, unless it is damaged.
 *
 * @throws Failure 'storage': disk full, folder read-only.
 */
export async function writeBlob(folder: string, bytes: Uint8Array): Promise<string> {
  const sha = sha256(bytes);
  const path = blobPath(folder, sha);
  if (await isValid(folder, sha)) return sha;
  try {
    await writeWhole(path, await compress(bytes, compressionOptions));
  } catch (error) {
    // On Windows a rename onto a file that another writer has just put there is refused.
    if (await isValid(folder, sha)) return sha;
    throw error;
  }
  return sha;
}

/** A file that appears complete or not at all. @throws Failure 'storage' */
export async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFlushed(temporary, bytes);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw storageFailure(error);
  }
}

async function writeFlushed(path: string, bytes: Uint8Array): Promise<void> {
  await using file = await open(path, 'wx');
  await file.writeFile(bytes);
  await file.datasync();
}

function storageFailure(error: unknown): Failure {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    ENOSPC: 'The disk is full.',
    EDQUOT: 'The disk quota is used up.',
    EROFS: 'The workspace lies on a read-only disk.',
    EACCES: 'There is no permission to write into the workspace folder.',
    EPERM: 'There is no permission to write into the workspace folder.',
  };
  return new Failure('storage', reasons[code ?? ''] ?? `Pixels could not be stored: ${message}`, {
    cause: error,
  });
}

/**
 * The bytes stored under a SHA-256, verified against it.
 *
 * @throws Failure 'not-found' when there is no such blob, 'storage' when it is damaged.
 */
export async function readBlob(folder: string, sha: string): Promise<Uint8Array> {
  const path = blobPath(folder, sha);
  const compressed = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT')
      throw new Failure('not-found', `The pixels ${short(sha)} are missing from the workspace.`);
    throw new Failure('storage', `The pixels ${short(sha)} cannot be read: ${error.message}`, {
      cause: error,
    });
  });
  const bytes = await decompress(compressed).catch((error: unknown) => {
    throw damaged(sha, error);
  });
  if (sha256(bytes) !== sha) throw damaged(sha);
  return view(Uint8Array, bytes);
}

/** Whether a blob is there and undamaged. */
export async function isValid(folder: string, sha: string): Promise<boolean> {
  try {
    await readBlob(folder, sha);
    return true;
  } catch (error) {
    if (error instanceof Failure && (error.kind === 'not-found' || error.kind === 'storage')) return false;
    throw error;
  }
}

const short = (sha: string) => `${sha.slice(0, 12)}…`;

function damaged(sha: string, cause?: unknown): Failure {
  return new Failure('storage', `The stored pixels ${short(sha)} are damaged; import the image again.`, {
    cause,
  });
}

/** Store decoded pixels; the record returned is what `readPixels` needs to find and shape them again. */
export async function writePixels(folder: string, pixels: PixelArray): Promise<PixelsInfo> {
  return pixelsInfo(pixels, await writeBlob(folder, pixelBytes(pixels)));
}

export function pixelsInfo(pixels: PixelArray, sha: string): PixelsInfo {
  const { width, height, channels, bits, window } = pixels;
  return {
    sha256: sha,
    type: pixelType(pixels),
    width,
    height,
    channels,
    bits,
    ...(window && { window }),
  };
}

/** Pixels as they were stored. @throws Failure as `readBlob`. */
export async function readPixels(folder: string, info: PixelsInfo): Promise<PixelArray> {
  const { width, height, channels, bits, window } = info;
  const bytes = await readBlob(folder, info.sha256);
  const arrays = {
    uint8: Uint8Array,
    uint16: Uint16Array,
    int16: Int16Array,
    float32: Float32Array,
  } as const;
  const data = view<PixelArray['data']>(arrays[info.type], bytes);
  if (data.length !== width * height * channels) {
    throw new Failure(
      'storage',
      `The stored pixels ${short(info.sha256)} do not have the size ${width} x ${height}.`,
    );
  }
  return { width, height, channels, bits, data, ...(window && { window }) };
}

/** The element type as it is recorded. */
export function pixelType({ data }: Pick<PixelArray, 'data'>): PixelType {
  if (data instanceof Uint8Array) return 'uint8';
  if (data instanceof Uint16Array) return 'uint16';
  return data instanceof Int16Array ? 'int16' : 'float32';
}
