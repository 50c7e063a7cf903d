import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Failure } from '#shared/errors.ts';

export interface WorkspaceLock {
  release(): void;
}

/**
 * One application a workspace. The lock is an SQLite file held in an exclusive transaction: the operating system
 * lets go of it however the process ends, so a killed application leaves nothing to clean up.
 * @throws Failure('storage') when another Nidus has the workspace open.
 */
export function lockWorkspace(folder: string): WorkspaceLock {
  const file = new Database(join(folder, 'nidus.lock'), { timeout: 0 });
  try {
    file.exec('BEGIN EXCLUSIVE');
  } catch {
    file.close();
    throw new Failure(
      'storage',
      `${folder}: another Nidus has this workspace open. Close it, or choose another with --workspace.`,
    );
  }
  return { release: () => file.close() };
}
