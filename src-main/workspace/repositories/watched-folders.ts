import type { JobId, Role, RunId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { RunSettings } from '#shared/settings.ts';
import type { WatchedFolderId } from '#shared/watch.ts';
import type { Connection } from '../database.ts';

export interface StoredWatch {
  readonly id: WatchedFolderId;
  readonly studyId: StudyId;
  readonly path: string;
  readonly role: Exclude<Role, 'excluded'>;
  readonly active: boolean;
  readonly settings: RunSettings | null;
  readonly runId: RunId | null;
}

/** What a file looked like when it was last taken. */
export interface SeenFile {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}

interface WatchRow {
  id: WatchedFolderId;
  study_id: StudyId;
  path: string;
  role: Exclude<Role, 'excluded'>;
  active: 0 | 1;
  settings: string | null;
  run_id: RunId | null;
}

const toWatch = (row: WatchRow): StoredWatch => ({
  id: row.id,
  studyId: row.study_id,
  path: row.path,
  role: row.role,
  active: row.active === 1,
  settings: row.settings === null ? null : RunSettings.parse(JSON.parse(row.settings)),
  runId: row.run_id,
});

export function watchedFolderRepository(db: Connection) {
  const all = db.prepare<[], WatchRow>('SELECT * FROM watched_folder ORDER BY id');
  const one = db.prepare<[WatchedFolderId], WatchRow>('SELECT * FROM watched_folder WHERE id = ?');
  const at = db.prepare<[StudyId, string], WatchRow>(
    'SELECT * FROM watched_folder WHERE study_id = ? AND path = ?',
  );
  const insert = db.prepare(
    'INSERT INTO watched_folder (study_id, path, role, active, settings, created_at) VALUES (?, ?, ?, 0, ?, ?)',
  );
  const setActive = db.prepare('UPDATE watched_folder SET active = ? WHERE id = ?');
  const setRun = db.prepare('UPDATE watched_folder SET run_id = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM watched_folder WHERE id = ?');
  const seen = db.prepare<[WatchedFolderId], SeenFile>(
    'SELECT path, size, modified FROM watched_file WHERE folder_id = ?',
  );
  const see = db.prepare(
    'INSERT OR REPLACE INTO watched_file (folder_id, path, size, modified, job_id) VALUES (?, ?, ?, ?, ?)',
  );
  const outcomes = db.prepare<
    [WatchedFolderId],
    { path: string; name: string; state: 'imported' | 'unchanged' | 'failed'; reason: string | null }
  >(
    `SELECT i.path, i.name, i.state, i.error AS reason FROM watched_file f
     JOIN import_item i ON i.job_id = f.job_id AND i.path = f.path
     WHERE f.folder_id = ? AND i.state <> 'pending' ORDER BY i.job_id, i.position`,
  );

  return {
    list: (): StoredWatch[] => all.all().map(toWatch),
    get(id: WatchedFolderId): StoredWatch {
      const row = one.get(id);
      if (!row) throw new Failure('not-found', `There is no watched folder ${id}.`);
      return toWatch(row);
    },
    find(study: StudyId, path: string): StoredWatch | undefined {
      const row = at.get(study, path);
      return row && toWatch(row);
    },
    create: (watch: Pick<StoredWatch, 'studyId' | 'path' | 'role' | 'settings'>): WatchedFolderId =>
      Number(
        insert.run(
          watch.studyId,
          watch.path,
          watch.role,
          watch.settings && JSON.stringify(watch.settings),
          new Date().toISOString(),
        ).lastInsertRowid,
      ) as WatchedFolderId,
    setActive: (id: WatchedFolderId, active: boolean): void => void setActive.run(active ? 1 : 0, id),
    setRun: (id: WatchedFolderId, run: RunId): void => void setRun.run(run, id),
    remove: (id: WatchedFolderId): void => void remove.run(id),
    seen: (id: WatchedFolderId): Map<string, SeenFile> =>
      new Map(seen.all(id).map((file) => [file.path, file])),
    see: (id: WatchedFolderId, { path, size, modified }: SeenFile, job: JobId | null): void =>
      void see.run(id, path, size, modified, job),
    /** What became of the files that were taken. */
    outcomes: (id: WatchedFolderId) => outcomes.all(id),
  };
}
