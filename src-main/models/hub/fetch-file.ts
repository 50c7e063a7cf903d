import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { Failure } from '#shared/errors.ts';
import type { HubFile } from './choose-files.ts';

const sizeOf = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.size ?? 0;

/** A file has its name only when it is whole. */
export const isComplete = async (target: string, { size }: HubFile): Promise<boolean> =>
  (await stat(target).catch(() => null))?.size === size;

/**
 * Fetches a file to `<target>.part`, going on where an earlier attempt stopped, compares its hash and gives it its name.
 * @param onBytes called with the bytes that are there
 * @throws Failure('unreadable') when what arrived is not what the hub described; it is removed then
 */
export async function fetchFile(
  file: HubFile,
  target: string,
  open: () => Promise<Blob | null>,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<void> {
  const part = `${target}.part`;
  let there = await sizeOf(part);
  if (there > file.size) {
    await rm(part);
    there = 0;
  }
  if (there < file.size) {
    const blob = await open();
    if (blob === null) throw new Failure('not-found', `The hub has no ${file.path} any more.`);
    const rest = there === 0 ? blob : blob.slice(there);
    const counted = async function* (source: AsyncIterable<Uint8Array>) {
      for await (const piece of source) {
        there += piece.byteLength;
        onBytes(there);
        yield piece;
      }
    };
    const stream = Readable.fromWeb(rest.stream() as ReadableStream<Uint8Array>);
    await pipeline(stream, counted, createWriteStream(part, { flags: there === 0 ? 'w' : 'a' }), { signal });
  }
  if ((await sizeOf(part)) < file.size) throw new Error(`The line broke within ${file.path}.`);
  if ((await hashOf(part, file)) !== file.hash.value) {
    await rm(part, { force: true });
    throw new Failure(
      'unreadable',
      `${file.path} did not arrive as the hub describes it (its hash differs).`,
    );
  }
  await rename(part, target);
}

/** SHA-256 of the bytes, or git's SHA-1 of a blob, whichever the hub told. */
async function hashOf(path: string, { hash: { kind } }: HubFile): Promise<string> {
  const hash = createHash(kind === 'git' ? 'sha1' : 'sha256');
  if (kind === 'git') hash.update(`blob ${await sizeOf(path)}\0`);
  for await (const piece of createReadStream(path, { highWaterMark: 1_048_576 }))
    hash.update(piece as Buffer);
  return hash.digest('hex');
}
