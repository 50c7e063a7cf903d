import type { BigIntStats, Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { compareNames, extensionOf, isHidden, isImageName } from './names.ts';

interface Entries {
  readonly folders: readonly string[];
  readonly files: readonly string[];
}

/**
 * Reads folders for a layout: paths and nothing else. Remembers what was left out and what could not be read, and
 * follows symbolic links, each folder once in a walk, so that links in a circle do no harm.
 */
export class FolderReader {
  readonly #warnings = new Set<string>();
  readonly #ignored = new Map<string, number>();
  readonly #walked = new Set<string>();
  readonly #read = new Map<string, Promise<Entries>>();

  /** Each sentence once. */
  get warnings(): string[] {
    const left = this.#ignoredSentence();
    return left === undefined ? [...this.#warnings] : [...this.#warnings, left];
  }

  get ignored(): number {
    return this.#ignored.values().reduce((sum, count) => sum + count, 0);
  }

  warn(sentence: string): void {
    this.#warnings.add(sentence);
  }

  /** Folders directly in a folder, without the hidden ones, in natural order. */
  async folders(parent: string): Promise<string[]> {
    const { folders } = await this.#entries(parent);
    return folders.filter((path) => !isHidden(basename(path)));
  }

  /** The folder of one of these names (the first that exists) directly in another, upper and lower case alike. */
  async folderNamed(parent: string, names: readonly string[]): Promise<string | undefined> {
    const key = (name: string) => name.normalize('NFC').toLowerCase();
    const named = new Map((await this.folders(parent)).map((path) => [key(basename(path)), path]));
    for (const name of names) {
      const folder = named.get(key(name));
      if (folder !== undefined) return folder;
    }
    return undefined;
  }

  /** Files directly in a folder that may be images as far as their names tell; the others are counted. */
  async images(folder: string): Promise<string[]> {
    return (await this.#entries(folder)).files.filter((path) => {
      const left = leftOut(basename(path));
      if (left !== undefined) this.#ignored.set(left, (this.#ignored.get(left) ?? 0) + 1);
      return left === undefined;
    });
  }

  /** Every file that is not hidden, in the folder and all folders in it: what it is, its content has to say. */
  async walkAll(folder: string): Promise<string[]> {
    const identity = await this.#stat(folder);
    const key = identity && `all ${identity.dev}:${identity.ino}`;
    if (key === undefined || this.#walked.has(key)) return [];
    this.#walked.add(key);
    const found = (await this.#entries(folder)).files.filter((path) => !isHidden(basename(path)));
    for (const inner of await this.folders(folder)) {
      for (const path of await this.walkAll(inner)) found.push(path);
    }
    return found;
  }

  /** As `images`, in the folder and all folders in it. */
  async walk(folder: string): Promise<string[]> {
    const identity = await this.#stat(folder);
    const key = identity && `${identity.dev}:${identity.ino}`;
    if (key === undefined || this.#walked.has(key)) return [];
    this.#walked.add(key);
    const found = await this.images(folder);
    for (const inner of await this.folders(folder)) {
      for (const path of await this.walk(inner)) found.push(path);
    }
    return found;
  }

  /** Everything in a folder, read once; a folder that cannot be read is a warning and empty. */
  async #entries(folder: string): Promise<Entries> {
    const present = this.#read.get(folder);
    if (present) return present;
    const entries = this.#readEntries(folder);
    this.#read.set(folder, entries);
    return entries;
  }

  /** Links followed, in natural order. */
  async #readEntries(folder: string): Promise<Entries> {
    const folders: string[] = [];
    const files: string[] = [];
    for (const entry of await this.#list(folder)) {
      const path = join(folder, entry.name);
      const kind = entry.isSymbolicLink() ? await this.#stat(path) : entry;
      if (kind?.isDirectory()) folders.push(path);
      else if (kind?.isFile()) files.push(path);
    }
    return { folders: folders.sort(compareNames), files: files.sort(compareNames) };
  }

  async #list(folder: string): Promise<Dirent[]> {
    return readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      this.#warnUnreadable(folder, error);
      return [];
    });
  }

  /** With bigint, because file numbers on Windows are larger than a double holds exactly. */
  async #stat(path: string): Promise<BigIntStats | undefined> {
    return stat(path, { bigint: true }).catch((error: unknown) => {
      this.#warnUnreadable(path, error);
      return undefined;
    });
  }

  #warnUnreadable(path: string, error: unknown): void {
    const { code } = error as NodeJS.ErrnoException;
    const reasons: Record<string, string> = {
      EACCES: 'no permission',
      EPERM: 'no permission',
      ENOENT: 'it leads nowhere',
      ELOOP: 'it leads in a circle',
    };
    this.warn(`${path} could not be read: ${reasons[code ?? ''] ?? code}.`);
  }

  #ignoredSentence(): string | undefined {
    const count = this.ignored;
    if (count === 0) return undefined;
    const kinds = [...this.#ignored].sort(([, a], [, b]) => b - a).map(([kind, n]) => `${n} ${kind}`);
    const shown = kinds.length > 5 ? [...kinds.slice(0, 4), '...'] : kinds;
    const files = count === 1 ? '1 file that is not an image was' : `${count} files that are not images were`;
    return `${files} left out (${shown.join(', ')}).`;
  }
}

/** Why a file is no candidate: "hidden", its extension or its name; undefined where it is one. */
function leftOut(name: string): string | undefined {
  if (isHidden(name)) return 'hidden';
  if (isImageName(name)) return undefined;
  return extensionOf(name) === '' ? name : `.${extensionOf(name)}`;
}
