import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** After the limit is passed, this share of it is kept, so that not every write has to make room. */
const keptShare = 0.9;

/**
 * Files by key, below a limit of bytes, the least recently used removed first (by modification time, which a read
 * renews). It is only a cache: whatever goes wrong with it, the value is computed again.
 */
export function openDiskCache(folder: string, limit: number) {
  let total: Promise<number> | undefined;
  const pathOf = (key: string) => join(folder, key.slice(0, 2), key);

  const files = async () => {
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    return Promise.all(
      names
        .filter((entry) => entry.isFile())
        .map(async (entry) => {
          const path = join(entry.parentPath, entry.name);
          const { size, mtimeMs } = await stat(path);
          return { path, size, mtimeMs };
        }),
    );
  };

  const makeRoom = async (): Promise<number> => {
    const oldestFirst = (await files()).sort((a, b) => a.mtimeMs - b.mtimeMs);
    let size = oldestFirst.reduce((sum, file) => sum + file.size, 0);
    if (size <= limit) return size;
    for (const file of oldestFirst) {
      if (size <= limit * keptShare) break;
      await rm(file.path, { force: true });
      size -= file.size;
    }
    return size;
  };

  return {
    async read(key: string): Promise<Uint8Array | undefined> {
      const path = pathOf(key);
      try {
        const bytes = await readFile(path);
        const now = new Date();
        await utimes(path, now, now);
        return bytes;
      } catch {
        return undefined;
      }
    },
    async write(key: string, bytes: Uint8Array): Promise<void> {
      if (limit === 0) return;
      const path = pathOf(key);
      const temporary = `${path}.${randomUUID()}`;
      try {
        await mkdir(dirname(path), { recursive: true });
        await writeFile(temporary, bytes);
        await rename(temporary, path);
        const size = (await (total ??= makeRoom())) + bytes.byteLength;
        total = size > limit ? makeRoom() : Promise.resolve(size);
      } catch {
        // A full disk costs the cache, not the result.
        await rm(temporary, { force: true }).catch(() => {});
        total = undefined;
      }
    },
  };
}
