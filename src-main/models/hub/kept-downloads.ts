import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '#shared/errors.ts';

const PREFIX = 'hub-';
/** What nobody has gone on with for so long is not waited for any more. */
const KEPT_DAYS = 14;
const day = 24 * 60 * 60 * 1000;

/** What arrived of a download that did not come to its end. */
export interface KeptFiles {
  readonly repository: string;
  readonly bytes: number;
  readonly lastChange: Date;
  readonly keptUntil: Date;
}

const folderNameOf = (repository: string): string => `${PREFIX}${repository.replace('/', '--')}`;
/** Owners on the hub have no two dashes in a row. */
const repositoryOf = (folderName: string): string => folderName.slice(PREFIX.length).replace('--', '/');

/**
 * Downloads under way, and what is kept of those that broke off or were cancelled, for the next attempt.
 * @param isUnderWay whether a job is about to use what there is of a repository
 */
export function keptDownloads(incoming: string, isUnderWay: (repository: string) => boolean) {
  const folderOf = (repository: string): string => join(incoming, folderNameOf(repository));

  const measure = (repository: string): KeptFiles => {
    let bytes = 0;
    let last = 0;
    for (const entry of readdirSync(folderOf(repository), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const { size, mtimeMs } = statSync(join(entry.parentPath, entry.name));
      bytes += size;
      last = Math.max(last, mtimeMs);
    }
    last ||= statSync(folderOf(repository)).mtimeMs;
    return {
      repository,
      bytes,
      lastChange: new Date(last),
      keptUntil: new Date(last + KEPT_DAYS * day),
    };
  };

  const list = (): KeptFiles[] =>
    readdirSync(incoming)
      .filter((name) => name.startsWith(PREFIX) && name.includes('--'))
      .map(repositoryOf)
      .filter((repository) => !isUnderWay(repository))
      .map(measure);

  const forget = (repository: string): void => rmSync(folderOf(repository), { recursive: true, force: true });

  return {
    /** Where files of a commit arrive. */
    folderFor: (repository: string, commit: string): string =>
      join(folderOf(repository), commit.slice(0, 12)),
    list,
    forget,
    /** @throws Failure when a job is using it, or nothing is there */
    remove(repository: string): void {
      if (isUnderWay(repository))
        throw new Failure('invalid', `${repository} is being downloaded. Cancel that first.`);
      if (!list().some((kept) => kept.repository === repository))
        throw new Failure('not-found', `Nothing is kept of ${repository}.`);
      forget(repository);
    },
    /** Removes what was kept for too long. */
    expire(now = new Date()): void {
      for (const { repository, keptUntil } of list()) if (keptUntil < now) forget(repository);
    },
  };
}
