import type { Job, JobId, JobState, RunId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Connection } from '../database.ts';

interface JobRow {
  id: JobId;
  kind: Job['kind'];
  title: string;
  study_id: StudyId | null;
  run_id: RunId | null;
  state: JobState;
  error: string | null;
  created_at: string;
  started_at: string | null;
  finished_at: string | null;
  total: number;
  done: number;
  failed: number;
}

// Progress is counted from the items themselves, so it can never disagree with what was stored. Those of other jobs are
// left out of the sums: joined to one job, SQLite would still count them all.
const counted = (
  ofJob: '' | 'WHERE job_id = @id',
  ofRun: '' | 'WHERE run_id = (SELECT id FROM run WHERE job_id = @id)',
) => `
  SELECT job.*, run.id AS run_id,
    COALESCE(i.total, r.total, d.total, 0) AS total, COALESCE(i.done, r.done, d.done, 0) AS done,
    COALESCE(i.failed, r.failed, d.failed, 0) AS failed
  FROM job LEFT JOIN run ON run.job_id = job.id
  LEFT JOIN (SELECT job_id, COUNT(*) AS total, SUM(state <> 'pending') AS done, SUM(state = 'failed') AS failed
    FROM import_item ${ofJob} GROUP BY job_id) i ON i.job_id = job.id
  LEFT JOIN (SELECT run_id, COUNT(*) AS total, SUM(state <> 'pending') AS done, SUM(state = 'failed') AS failed
    FROM result ${ofRun} GROUP BY run_id) r ON r.run_id = run.id
  LEFT JOIN (SELECT job_id, COUNT(*) AS total, SUM(state <> 'pending') AS done, SUM(state = 'failed') AS failed
    FROM doctor_image ${ofJob} GROUP BY job_id) d ON d.job_id = job.id`;

const toJob = (row: JobRow): Job => ({
  id: row.id,
  kind: row.kind,
  title: row.title,
  studyId: row.study_id,
  runId: row.run_id,
  state: row.state,
  done: row.done,
  total: row.total,
  failed: row.failed,
  activity: null,
  error: row.error,
  createdAt: row.created_at,
  startedAt: row.started_at,
  finishedAt: row.finished_at,
});

export function jobRepository(db: Connection) {
  const all = db.prepare<[], JobRow>(`${counted('', '')} ORDER BY job.id DESC`);
  const one = db.prepare<[{ id: JobId }], JobRow>(
    `${counted('WHERE job_id = @id', 'WHERE run_id = (SELECT id FROM run WHERE job_id = @id)')} WHERE job.id = @id`,
  );
  const nextQueued = db.prepare<[], { id: JobId }>(
    `SELECT id FROM job WHERE state = 'queued' ORDER BY id LIMIT 1`,
  );
  const unfinished = db.prepare<[], { id: JobId }>(
    `SELECT id FROM job WHERE state IN ('queued', 'running') LIMIT 1`,
  );
  const insert = db.prepare(
    `INSERT INTO job (kind, title, study_id, state, created_at) VALUES (?, ?, ?, 'queued', ?)`,
  );
  const start = db.prepare(
    `UPDATE job SET state = 'running', started_at = COALESCE(started_at, ?), error = NULL WHERE id = ?`,
  );
  const end = db.prepare('UPDATE job SET state = ?, error = ?, finished_at = ? WHERE id = ?');
  const requeue = db.prepare(
    `UPDATE job SET state = 'queued', error = NULL, finished_at = NULL WHERE id = ?`,
  );
  const requeueInterrupted = db.prepare(`UPDATE job SET state = 'queued' WHERE state = 'running'`);

  return {
    list: (): Job[] => all.all().map(toJob),
    get(id: JobId): Job {
      const row = one.get({ id });
      if (!row) throw new Failure('not-found', `There is no job ${id}.`);
      return toJob(row);
    },
    /** Whether a job runs or waits. */
    isBusy: (): boolean => unfinished.get() !== undefined,
    nextQueued: (): JobId | undefined => nextQueued.get()?.id,
    create: (kind: Job['kind'], title: string, study: StudyId | null): JobId =>
      Number(insert.run(kind, title, study, new Date().toISOString()).lastInsertRowid) as JobId,
    start: (id: JobId): void => void start.run(new Date().toISOString(), id),
    end: (id: JobId, state: 'finished' | 'failed' | 'cancelled', error: string | null): void =>
      void end.run(state, error, new Date().toISOString(), id),
    requeue: (id: JobId): void => void requeue.run(id),
    /** Jobs that were running when the application ended without saying so. */
    requeueInterrupted: (): void => void requeueInterrupted.run(),
  };
}
