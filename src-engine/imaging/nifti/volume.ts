import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createUnzip } from 'node:zlib';
import { noMgh } from '../formats.ts';
import { refuse } from '../refusals.ts';
import type { SampleData } from '../sample-array.ts';
import { view } from '../samples.ts';
import type { VolumeFile, VolumeHeader } from '../volumes/volume-header.ts';
import { headerLength, isNifti, readNiftiHeader } from './header.ts';

const maxBytes = 2 ** 30;
/** No deflate stream expands more than this (zlib's own figure). */
const gzipRatio = 1032;

/**
 * Opens a `.nii`, `.nii.gz`, or either file of a `.hdr`/`.img` pair: the header only.
 * @throws Failure 'unreadable' that names what is wrong.
 */
export async function openNifti(path: string, name: string): Promise<VolumeFile> {
  const headerPath = pathOfPair(path, 'hdr') ?? path;
  const head = await readStart(headerPath, name);
  if (isMgh(head)) throw refuse(name, noMgh);
  const header = readNiftiHeader(head, name);
  if (!header.isPair) return { format: 'NIfTI', name, header, dataPath: headerPath };
  for (const candidate of [pathOfPair(headerPath, 'img'), `${pathOfPair(headerPath, 'img')}.gz`]) {
    if (candidate !== undefined && (await exists(candidate)))
      return { format: 'NIfTI', name, header, dataPath: candidate };
  }
  throw refuse(name, 'the .img file that belongs to this header is missing');
}

/** The other file of a pair by its name; undefined where the name is not that of one. */
function pathOfPair(path: string, kind: 'hdr' | 'img'): string | undefined {
  const match = /\.(hdr|img)(\.gz)?$/i.exec(path);
  return match ? `${path.slice(0, match.index)}.${kind}` : undefined;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  );

async function readStart(path: string, name: string): Promise<Uint8Array> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw refuse(name, 'the file does not exist or cannot be read', error);
  });
  try {
    const head = Buffer.alloc(headerLength);
    const { bytesRead } = await file.read(head, 0, headerLength, 0);
    const start = head.subarray(0, bytesRead);
    if (isGzip(start)) return await readRange(path, name, 0, headerLength, { atEnd: 'shorter' });
    if (bytesRead > 0 && /\.gz$/i.test(path))
      throw refuse(name, 'it is named .gz but not compressed with gzip');
    return start;
  } finally {
    await file.close();
  }
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

/** Version 1, big endian, of a file without NIfTI's letters. */
const isMgh = (bytes: Uint8Array): boolean =>
  !isNifti(bytes) &&
  bytes.length >= 284 &&
  bytes[0] === 0 &&
  bytes[1] === 0 &&
  bytes[2] === 0 &&
  bytes[3] === 1;

interface RangeOptions {
  readonly atEnd?: 'refuse' | 'shorter';
  /** Where gzip or zlib data begin that are not the whole file. */
  readonly packedFrom?: number | undefined;
}

/** Bytes of a file, or of what a gzip file holds: read as a stream, so that nothing is reserved for what is only declared. */
async function readRange(
  path: string,
  name: string,
  from: number,
  length: number,
  { atEnd = 'refuse', packedFrom }: RangeOptions = {},
): Promise<Uint8Array> {
  const compressed = packedFrom !== undefined || /\.gz$/i.test(path) || (await startsWithGzip(path));
  const range = compressed ? { start: packedFrom ?? 0 } : { start: from, end: from + length - 1 };
  const source = createReadStream(path, range);
  const stream = compressed ? source.pipe(createUnzip()) : source;
  if (compressed) source.on('error', (error) => stream.destroy(error));
  const chunks: Uint8Array[] = [];
  let skip = compressed ? from : 0;
  let kept = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const part = chunk.subarray(Math.min(skip, chunk.length));
      skip -= chunk.length - part.length;
      const wanted = part.subarray(0, length - kept);
      chunks.push(wanted);
      kept += wanted.length;
      if (kept === length) break;
    }
  } catch (error) {
    if (atEnd === 'refuse' || kept === 0) throw refuse(name, 'its gzip data is damaged or cut off', error);
  } finally {
    source.destroy();
    stream.destroy();
  }
  if (kept < length && atEnd === 'refuse') {
    throw refuse(
      name,
      `the file is cut off: ${from + length} bytes were announced, ${from + kept} are there`,
    );
  }
  const bytes = new Uint8Array(kept);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

async function startsWithGzip(path: string): Promise<boolean> {
  await using file = await open(path, 'r');
  const start = Buffer.alloc(2);
  await file.read(start, 0, 2, 0);
  return isGzip(start);
}

const product = (extents: readonly number[]): number => extents.reduce((all, extent) => all * extent, 1);

/** Volumes of a file: what lies beyond the third dimension, flattened; at least 1. */
export const volumeCount = ({ shape }: VolumeHeader): number => product(shape.slice(3));

/**
 * Voxels as stored, the first index fastest, channels of a voxel side by side: of one volume (0 = first), or of all.
 * 64-bit integers come as float64.
 * @throws Failure 'unreadable': cut off, or too large.
 */
export async function readVoxels(file: VolumeFile, volume: number | 'all'): Promise<SampleData> {
  const { header, name, dataPath, packedFrom } = file;
  const { shape, type, dataOffset, littleEndian } = header;
  const voxels = product(volume === 'all' ? shape : shape.slice(0, 3));
  const length = voxels * type.channels * type.bytes;
  const from = dataOffset + (volume === 'all' ? 0 : volume * length);
  const size = `${shape.join(' x ')} voxels`;
  const fileBytes = (await stat(dataPath)).size;
  const isPacked = packedFrom !== undefined || /\.gz$/i.test(dataPath);
  const possible = isPacked ? fileBytes * gzipRatio : fileBytes;
  if (!(from + length <= possible)) {
    throw refuse(name, `it declares ${size}, ${from + length} bytes; the file holds ${fileBytes}`);
  }
  if (length > maxBytes) throw refuse(name, `its ${size} would take more than 1 GiB of memory`);
  const bytes = await readRange(dataPath, name, from, length, { packedFrom });
  if (!littleEndian && type.bytes > 1) swap(bytes, type.bytes);
  return typed(bytes, type.name);
}

function swap(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

function typed(bytes: Uint8Array, name: string): SampleData {
  switch (name) {
    case 'uint8':
      return bytes;
    case 'int8':
      return view(Int8Array, bytes);
    case 'uint16':
      return view(Uint16Array, bytes);
    case 'int16':
      return view(Int16Array, bytes);
    case 'uint32':
      return view(Uint32Array, bytes);
    case 'int32':
      return view(Int32Array, bytes);
    case 'float32':
      return view(Float32Array, bytes);
    case 'float64':
      return view(Float64Array, bytes);
    case 'int64':
      return Float64Array.from(new BigInt64Array(bytes.buffer), Number);
    default:
      return Float64Array.from(new BigUint64Array(bytes.buffer), Number);
  }
}
