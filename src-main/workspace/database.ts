import { existsSync } from 'node:fs';
import Database from 'better-sqlite3';
import { Failure } from '#shared/errors.ts';
import { migrations } from './migrations/index.ts';

export type Connection = Database.Database;

/**
 * Opens the workspace database and brings it to the present schema. An older one is copied beside itself first
 * (`nidus.sqlite.v1`), so that a failed migration costs nothing.
 * @throws Failure('storage') when it is damaged, or written by a newer Nidus.
 */
export function openDatabase(file: string): Connection {
  const existed = existsSync(file);
  let db: Connection | undefined;
  try {
    db = new Database(file);
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    migrate(db, existed ? file : null);
    db.pragma('foreign_keys = ON');
    return db;
  } catch (error) {
    db?.close();
    if (error instanceof Failure) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new Failure('storage', `${file}: the workspace database cannot be opened (${reason}).`, {
      cause: error,
    });
  }
}

function migrate(db: Connection, backupOf: string | null): void {
  const version = db.pragma('user_version', { simple: true }) as number;
  if (version > migrations.length) {
    throw new Failure(
      'storage',
      'This workspace was written by a newer version of Nidus. Update Nidus to open it.',
    );
  }
  if (version === migrations.length) return;
  if (backupOf !== null && version > 0) {
    const copy = `${backupOf}.v${version}`;
    if (!existsSync(copy)) db.prepare('VACUUM INTO ?').run(copy);
  }
  // SQLite rebuilds a table by dropping it, which with foreign keys on would delete every row that points at it.
  db.pragma('foreign_keys = OFF');
  db.transaction(() => {
    for (const migration of migrations.slice(version)) {
      if (typeof migration === 'string') db.exec(migration);
      else migration(db);
    }
    const dangling = db.pragma('foreign_key_check') as unknown[];
    if (dangling.length > 0) throw new Error(`${dangling.length} rows point at rows that do not exist`);
    db.pragma(`user_version = ${migrations.length}`);
  })();
}
