/**
 * Numbers with a description in one file: eight letters, length of the JSON (uint32), JSON padded with blanks to a multiple of
 * four bytes, float32 arrays one after the other, and the SHA-256 of all of that. Adapters and checkpoints are such files.
 */

import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { Failure } from '#shared/errors.ts';

const MAGIC_BYTES = 8;
const HEADER_BYTES = MAGIC_BYTES + 4;
const HASH_BYTES = 32;

export interface FloatsFile {
  readonly header: unknown;
  readonly floats: Float32Array;
  readonly sha256: string;
  readonly bytes: number;
}

/** Writes the file as a whole or not at all, and makes sure that it has reached the disk. */
export async function writeFloats(
  path: string,
  magic: string,
  header: unknown,
  arrays: readonly Float32Array[],
): Promise<{ sha256: string; bytes: number }> {
  const json = Buffer.from(JSON.stringify(header), 'utf8');
  const padded = Buffer.alloc(Math.ceil(json.length / 4) * 4, ' ');
  json.copy(padded);
  const start = Buffer.alloc(HEADER_BYTES);
  start.write(magic, 0, MAGIC_BYTES, 'latin1');
  start.writeUInt32LE(padded.length, MAGIC_BYTES);
  const parts = [start, padded, ...arrays.map((a) => Buffer.from(a.buffer, a.byteOffset, a.byteLength))];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  const digest = hash.digest();
  const temporary = `${path}.${randomUUID()}`;
  try {
    {
      await using file = await open(temporary, 'w');
      await file.writev([...parts, digest]);
      await file.sync();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return {
    sha256: digest.toString('hex'),
    bytes: parts.reduce((sum, { length }) => sum + length, HASH_BYTES),
  };
}

/** @throws Failure `not-found` when it is not there, `unreadable` when it is no such file or has changed */
export async function readFloats(path: string, magic: string, what: string): Promise<FloatsFile> {
  const bytes = await readFile(path).catch((error: unknown) => {
    throw new Failure('not-found', `${path}: there is no such file.`, { cause: error });
  });
  const refuse = (reason: string) => new Failure('unreadable', `${path} ${reason}.`);
  if (bytes.length < HEADER_BYTES + HASH_BYTES || bytes.toString('latin1', 0, MAGIC_BYTES) !== magic) {
    throw refuse(`is not ${what}`);
  }
  const content = bytes.subarray(0, bytes.length - HASH_BYTES);
  const digest = createHash('sha256').update(content).digest();
  if (!digest.equals(bytes.subarray(content.length))) throw refuse('is damaged: its hash is another');
  const end = HEADER_BYTES + bytes.readUInt32LE(MAGIC_BYTES);
  if (end > content.length || (content.length - end) % 4 !== 0)
    throw refuse('is damaged: its lengths do not fit');
  return {
    header: JSON.parse(content.toString('utf8', HEADER_BYTES, end)),
    floats: new Float32Array(Uint8Array.from(content.subarray(end)).buffer),
    sha256: digest.toString('hex'),
    bytes: bytes.length,
  };
}

/** Cuts one array into pieces of the lengths of others. @throws Failure `unreadable` when the lengths do not add up */
export function cut(floats: Float32Array, like: readonly Float32Array[], path: string): Float32Array[] {
  const total = like.reduce((sum, { length }) => sum + length, 0);
  if (floats.length !== total) {
    throw new Failure('unreadable', `${path} holds ${floats.length} numbers, not ${total}.`);
  }
  let at = 0;
  return like.map(({ length }) => floats.slice(at, (at += length)));
}
