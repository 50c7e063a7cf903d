import { statSync, unlinkSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Failure } from '#shared/errors.ts';

export interface Amount {
  readonly files: number;
  readonly bytes: number;
}

export interface StorageUse {
  /** Pixels, masks and thumbnails of the workspace. */
  readonly stored: Amount;
  /** Of those, what no image names any more, and what a killed import left half written. */
  readonly unused: Amount;
  /** Files that images are read from where they lie, outside the workspace. */
  readonly linked: Amount;
  /** Linked files that are not there any more. */
  readonly missing: number;
}

const complete = /^([0-9a-f]{64})\.(zst|webp|link)$/;
/** What is written is named after its target until it is whole. */
const halfWritten = /^[0-9a-f]{64}\.(zst|webp|link)\..+$/;

/** Files removed before others get their turn. */
const filesAtOnce = 250;

/** The file that a link leads to; the link itself where that cannot be read. */
async function sourceOf(link: string): Promise<string> {
  try {
    return (JSON.parse(await readFile(link, 'utf8')) as { readonly path: string }).path;
  } catch {
    return link;
  }
}

async function linkedTo(sources: ReadonlySet<string>): Promise<Pick<StorageUse, 'linked' | 'missing'>> {
  const linked = { files: 0, bytes: 0 };
  let missing = 0;
  for (const path of sources) {
    const size = (await stat(path).catch(() => null))?.size;
    if (size === undefined) missing += 1;
    else {
      linked.files += 1;
      linked.bytes += size;
    }
  }
  return { linked, missing };
}

/**
 * Finds and removes blobs and thumbnails that nothing refers to.
 * @param referenced every hash that is still named
 * @param isBusy whether a job runs, which may be about to name what it just wrote
 */
export function workspaceCleaner(
  folders: { readonly blobs: string; readonly thumbnails: string },
  referenced: () => ReadonlySet<string>,
  isBusy: () => boolean,
) {
  async function* files(): AsyncGenerator<string> {
    for (const root of [folders.blobs, folders.thumbnails]) {
      for (const prefix of (await readdir(root)).filter((name) => /^[0-9a-f]{2}$/.test(name)))
        for (const name of await readdir(join(root, prefix))) yield join(root, prefix, name);
    }
  }

  const isUnused = (path: string, named: ReadonlySet<string>): boolean => {
    const name = basename(path);
    const hash = complete.exec(name)?.[1];
    return hash === undefined ? halfWritten.test(name) : !named.has(hash);
  };

  return {
    async measure(): Promise<StorageUse> {
      const named = referenced();
      const stored = { files: 0, bytes: 0 };
      const unused = { files: 0, bytes: 0 };
      const sources = new Set<string>();
      for await (const path of files()) {
        const size = (await stat(path).catch(() => null))?.size;
        if (size === undefined) continue;
        for (const amount of isUnused(path, named) ? [stored, unused] : [stored]) {
          amount.files += 1;
          amount.bytes += size;
        }
        if (path.endsWith('.link') && !isUnused(path, named)) sources.add(await sourceOf(path));
      }
      return { stored, unused, ...(await linkedTo(sources)) };
    },
    /** @throws Failure('invalid') while a job runs; stops, with what it has done so far, when one begins: only jobs write blobs */
    async reclaim(): Promise<Amount> {
      if (isBusy()) throw new Failure('invalid', 'A job is running. Clean up when it has ended.');
      const candidates: string[] = [];
      const before = referenced();
      for await (const path of files()) if (isUnused(path, before)) candidates.push(path);
      const reclaimed = { files: 0, bytes: 0 };
      while (candidates.length > 0 && !isBusy()) {
        // Asked again and removed without an await in between: a job that ran meanwhile has named what it needs.
        const named = referenced();
        for (const path of candidates.splice(0, filesAtOnce)) {
          if (!isUnused(path, named)) continue;
          const size = statSync(path, { throwIfNoEntry: false })?.size;
          if (size === undefined) continue;
          unlinkSync(path);
          reclaimed.files += 1;
          reclaimed.bytes += size;
        }
        await new Promise(setImmediate);
      }
      return reclaimed;
    },
  };
}
