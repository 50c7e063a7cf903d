import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import type { ArrayDescription, ReadArrayRequest } from '#shared/engine-protocol.ts';
import { npyHeader } from '#shared/npy.ts';
import { describeArray, openArray } from '../imaging/array-file.ts';
import type { EngineState } from '../state.ts';

/** Reads a file as an array and describes it; the array itself goes to a .npy file, complete or not at all. */
export async function readArray(_: EngineState, request: ReadArrayRequest): Promise<ArrayDescription> {
  const opened = await openArray(request.path, request.name, request.selection);
  const { description, bytes, descr } = describeArray(opened, request.stored);
  if (request.out !== null) {
    const temporary = `${request.out}.${randomUUID()}`;
    try {
      await writeFile(temporary, [npyHeader(descr, description.shape), bytes]);
      await rename(temporary, request.out);
    } finally {
      await rm(temporary, { force: true });
    }
  }
  return description;
}
