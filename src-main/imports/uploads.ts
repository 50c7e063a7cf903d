import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { z } from 'zod';
import { Failure } from '#shared/errors.ts';

/**
 * One file of a drop in the browser host, kept under `incoming/<batch>/` until its import is done.
 * @returns the batch's folder, to be imported
 * @throws Failure('invalid') when the path would leave that folder
 */
export async function storeUpload(
  incoming: string,
  batch: string,
  path: string,
  body: globalThis.ReadableStream | null,
): Promise<string> {
  if (!z.uuid().safeParse(batch).success)
    throw new Failure('invalid', 'An upload needs a UUID as its batch.');
  const folder = join(incoming, batch);
  const target = resolve(folder, path);
  if (path === '' || path.includes('\0') || !target.startsWith(folder + sep)) {
    throw new Failure('invalid', `"${path}" is not a path inside an upload.`);
  }
  await mkdir(dirname(target), { recursive: true });
  try {
    await pipeline(
      Readable.fromWeb((body ?? new Blob([]).stream()) as ReadableStream),
      createWriteStream(target),
    );
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
  return folder;
}

/** Uploaded files have served their purpose once what was in them is in the workspace. */
export async function forgetUpload(incoming: string, path: string | undefined): Promise<void> {
  if (!path?.startsWith(incoming + sep)) return;
  const [batch] = path.slice(incoming.length + 1).split(sep);
  if (batch) await rm(join(incoming, batch), { recursive: true, force: true });
}
