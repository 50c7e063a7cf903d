import { randomUUID } from 'node:crypto';
import {
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { type Bank, fileBank, memoryBank } from '../matching/bank.ts';

/** Banks up to this size are read into memory; larger ones stay on disk and are read by blocks. */
const memoryBytes = 768 * 1024 ** 2;
/** States kept open. */
const openStates = 3;

/** What a method learned from its references, being written: arrays by name, in pieces. */
export interface StateWriter {
  append(name: string, values: Float32Array | Float64Array): Promise<void>;
}

/** A state on disk. */
export interface StateFiles {
  /** What the method wrote besides its arrays. */
  readonly meta: unknown;
  floats(name: string): Promise<Float32Array>;
  doubles(name: string): Promise<Float64Array>;
  bank(name: string, dimension: number): Promise<Bank>;
}

const metaFile = 'state.json';

/**
 * Fitted states by key, in folders below a limit of bytes, the least recently used removed first. It is only a cache:
 * whatever is missing is fitted again.
 */
export function openStateStore(folder: string, limit: number) {
  const opened = new Map<string, Promise<unknown>>();
  const handles = new Map<string, FileHandle[]>();

  const closeOldest = async (): Promise<void> => {
    const [oldest] = opened.keys();
    if (oldest === undefined || opened.size <= openStates) return;
    opened.delete(oldest);
    for (const handle of handles.get(oldest) ?? []) await handle.close();
    handles.delete(oldest);
  };

  const filesOf = async (key: string): Promise<StateFiles | undefined> => {
    const own = join(folder, key);
    const path = (name: string) => join(own, `${name}.bin`);
    let meta: unknown;
    try {
      meta = JSON.parse(await readFile(join(own, metaFile), 'utf8'));
      const now = new Date();
      await utimes(own, now, now);
    } catch {
      return undefined;
    }
    const whole = async (name: string): Promise<ArrayBuffer> => {
      const bytes = await readFile(path(name));
      return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
    };
    const floats: StateFiles['floats'] = async (name) => new Float32Array(await whole(name));
    return {
      meta,
      floats,
      doubles: async (name) => new Float64Array(await whole(name)),
      async bank(name, dimension) {
        const { size } = await stat(path(name));
        const count = size / 4 / dimension;
        if (size <= memoryBytes) return memoryBank({ data: await floats(name), count, dimension });
        const handle = await open(path(name));
        handles.set(key, [...(handles.get(key) ?? []), handle]);
        return fileBank(handle, count, dimension);
      },
    };
  };

  const write = async (key: string, fit: (out: StateWriter) => Promise<unknown>): Promise<void> => {
    const temporary = join(folder, `.${key}.${randomUUID()}`);
    await mkdir(temporary, { recursive: true });
    const files = new Map<string, FileHandle>();
    try {
      const meta = await fit({
        async append(name, values) {
          const file = files.get(name) ?? (await open(join(temporary, `${name}.bin`), 'w'));
          files.set(name, file);
          await file.write(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
        },
      });
      for (const file of files.values()) await file.close();
      await writeFile(join(temporary, metaFile), JSON.stringify(meta));
      await rm(join(folder, key), { recursive: true, force: true });
      await rename(temporary, join(folder, key));
    } catch (error) {
      for (const file of files.values()) await file.close().catch(() => {});
      await rm(temporary, { recursive: true, force: true });
      throw error;
    }
    await makeRoom(folder, limit, key);
  };

  return {
    /**
     * A state by its key: open, on disk, or fitted now.
     * @param fit writes the arrays, answers with what else there is to know
     */
    async get<F>(
      key: string,
      fit: (out: StateWriter) => Promise<unknown>,
      openFiles: (files: StateFiles) => Promise<F>,
    ): Promise<F> {
      const present = opened.get(key) as Promise<F> | undefined;
      if (present) {
        opened.delete(key);
        opened.set(key, present);
        return present;
      }
      const opening = (async () => {
        const files = await filesOf(key);
        if (files) return openFiles(files);
        await write(key, fit);
        const written = await filesOf(key);
        if (!written) throw new Error('a fitted state cannot be read back');
        return openFiles(written);
      })();
      opened.set(key, opening);
      opening.catch(() => opened.delete(key));
      await opening;
      await closeOldest();
      return opening;
    },
  };
}

export type StateStore = ReturnType<typeof openStateStore>;

async function sizeOf(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Removes the least recently used states above the limit, and what killed fits left; never `kept`. */
async function makeRoom(folder: string, limit: number, kept: string): Promise<void> {
  const names = await readdir(folder);
  const states = await Promise.all(
    names
      .filter((name) => !name.startsWith('.'))
      .map(async (name) => {
        const path = join(folder, name);
        return { name, path, bytes: await sizeOf(path), used: (await stat(path)).mtimeMs };
      }),
  );
  let total = states.reduce((sum, { bytes }) => sum + bytes, 0);
  for (const { name, path, bytes } of states.toSorted((a, b) => a.used - b.used)) {
    if (total <= limit) return;
    if (name === kept) continue;
    await rm(path, { recursive: true, force: true });
    total -= bytes;
  }
}
