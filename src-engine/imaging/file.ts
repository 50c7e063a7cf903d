import type { Buffer } from 'node:buffer';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { Failure } from '#shared/errors.ts';
import { refuse } from './refusals.ts';

const maxFileBytes = 2 ** 30;
/** Enough for every kind of file to be told from its start. */
const startLength = 544;

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'the file does not exist',
  EACCES: 'there is no permission to read it',
  EPERM: 'there is no permission to read it',
  ELOOP: 'its symbolic link runs in a circle',
};

/** The bytes of a file; failures of the file system in human words. @throws Failure 'unreadable' */
export async function withFile<T>(
  path: string,
  name: string,
  work: (file: FileHandle, size: number) => Promise<T>,
): Promise<T> {
  try {
    // Asked before opening: opening a named pipe would wait for a writer for ever.
    const found = await stat(path);
    if (found.isDirectory()) throw refuse(name, 'it is a folder');
    if (!found.isFile()) throw refuse(name, 'it is not a file');
    await using file = await open(path, 'r');
    return await work(file, found.size);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (error instanceof Failure || code === undefined) throw error;
    throw refuse(name, reasons[code] ?? `it cannot be read (${code})`, error);
  }
}

export const readFileStart = (path: string, name: string): Promise<Buffer> =>
  withFile(path, name, (file, size) => startOf(file, Math.min(size, startLength)));

/** @throws Failure 'unreadable' too where the file is larger than 1 GiB. */
export const readFileWhole = (path: string, name: string): Promise<Buffer> =>
  withFile(path, name, (file, size) => {
    requireReadableSize(size, name);
    return file.readFile();
  });

export function requireReadableSize(size: number, name: string): void {
  if (size > maxFileBytes) throw refuse(name, 'the file is larger than 1 GiB');
}

export async function startOf(file: FileHandle, length: number): Promise<Buffer> {
  const head = globalThis.Buffer.alloc(length);
  const { bytesRead } = await file.read(head, 0, length, 0);
  return head.subarray(0, bytesRead);
}
