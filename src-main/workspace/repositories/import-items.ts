import type { SlicePlan } from '#shared/engine-protocol.ts';
import type { GroundTruth, JobId, Label, Role, Split } from '#shared/domain.ts';
import type { Connection } from '../database.ts';

export interface NewImportItem {
  readonly path: string;
  readonly name: string;
  readonly role: Role;
  readonly label: Label;
  readonly split: Split | null;
  readonly defect: string | null;
  readonly groundTruth: GroundTruth;
  readonly patient: string | null;
  readonly maskPaths: readonly string[];
  /** Which slice of the file; null for a picture. */
  readonly slice: SlicePlan | null;
  /** Pixels stay where they are. */
  readonly link: boolean;
}

export interface ImportItem extends NewImportItem {
  readonly position: number;
}

interface ImportItemRow {
  position: number;
  path: string;
  name: string;
  role: Role;
  label: Label;
  split: Split | null;
  defect: string | null;
  ground_truth: GroundTruth;
  patient: string | null;
  /** JSON array */
  mask_paths: string;
  /** JSON */
  source: string | null;
  link: 0 | 1;
}

const toItem = (row: ImportItemRow): ImportItem => ({
  position: row.position,
  path: row.path,
  name: row.name,
  role: row.role,
  label: row.label,
  split: row.split,
  defect: row.defect,
  groundTruth: row.ground_truth,
  patient: row.patient,
  maskPaths: JSON.parse(row.mask_paths) as string[],
  slice: row.source === null ? null : (JSON.parse(row.source) as SlicePlan),
  link: row.link === 1,
});

export function importItemRepository(db: Connection) {
  const insert = db.prepare(`
    INSERT INTO import_item (job_id, position, path, name, role, label, split, defect, ground_truth, patient,
      mask_paths, source, link)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const pending = db.prepare<[JobId, number], ImportItemRow>(
    `SELECT * FROM import_item WHERE job_id = ? AND state = 'pending' ORDER BY position LIMIT ?`,
  );
  const settle = db.prepare('UPDATE import_item SET state = ?, error = ? WHERE job_id = ? AND position = ?');
  const counts = db.prepare<[JobId], { imported: number; unchanged: number }>(
    `SELECT COALESCE(SUM(state = 'imported'), 0) AS imported, COALESCE(SUM(state = 'unchanged'), 0) AS unchanged
     FROM import_item WHERE job_id = ?`,
  );
  const paths = db.prepare<[JobId], { path: string }>(
    'SELECT DISTINCT path FROM import_item WHERE job_id = ?',
  );
  const forgetSources = db.prepare(`UPDATE import_item SET path = '', source = NULL WHERE job_id = ?
    AND source IS NOT NULL AND state <> 'pending'`);
  const slicePaths = db.prepare<[JobId], { name: string; path: string }>(
    'SELECT name, path FROM import_item WHERE job_id = ? AND source IS NOT NULL',
  );
  const failed = db.prepare<[JobId], { name: string; reason: string }>(
    `SELECT name, error AS reason FROM import_item WHERE job_id = ? AND state = 'failed' ORDER BY position`,
  );

  return {
    add(job: JobId, items: readonly NewImportItem[]): void {
      items.forEach((item, position) =>
        insert.run(
          job,
          position,
          item.path,
          item.name,
          item.role,
          item.label,
          item.split,
          item.defect,
          item.groundTruth,
          item.patient,
          JSON.stringify(item.maskPaths),
          item.slice && JSON.stringify(item.slice),
          item.link ? 1 : 0,
        ),
      );
    },
    pending: (job: JobId, limit: number): ImportItem[] => pending.all(job, limit).map(toItem),
    settle: (
      job: JobId,
      position: number,
      state: 'imported' | 'unchanged' | 'failed',
      error: string | null = null,
    ): void => void settle.run(state, error, job, position),
    paths: (job: JobId): string[] => paths.all(job).map(({ path }) => path),
    /** Paths of medical files name people; once the slices are in, nothing needs them. */
    forgetSources: (job: JobId): void => void forgetSources.run(job),
    counts: (job: JobId) => counts.get(job) ?? { imported: 0, unchanged: 0 },
    failed: (job: JobId) => failed.all(job),
    /** Of a job that has not ended: which file each slice of a series or volume is from. */
    slicePaths: (job: JobId): Map<string, string> =>
      new Map(slicePaths.all(job).map(({ name, path }) => [name, path])),
  };
}
