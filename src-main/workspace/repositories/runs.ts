import type { JobId, JobState, ReferenceSetId, RunId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Run } from '#shared/results.ts';
import { RunSettings } from '#shared/settings.ts';
import type { Connection } from '../database.ts';

interface RunRow {
  id: RunId;
  study_id: StudyId;
  job_id: JobId;
  reference_set_id: ReferenceSetId | null;
  settings: string;
  model_sha256: string;
  created_at: string;
  state: JobState;
  error: string | null;
  finished_at: string | null;
  version: number | null;
  set_name: string | null;
  size: number;
  total: number;
  done: number;
  failed: number;
}

export interface NewRun {
  readonly studyId: StudyId;
  readonly jobId: JobId;
  readonly referenceSetId: ReferenceSetId | null;
  readonly settings: RunSettings;
  readonly modelSha256: string;
}

const joined = `
  SELECT run.*, job.state, job.error, job.finished_at, reference_set.version, reference_set.name AS set_name,
    (SELECT COUNT(*) FROM reference_set_image m WHERE m.reference_set_id = run.reference_set_id) AS size,
    (SELECT COUNT(*) FROM result WHERE run_id = run.id) AS total,
    (SELECT COUNT(*) FROM result WHERE run_id = run.id AND state = 'scored') AS done,
    (SELECT COUNT(*) FROM result WHERE run_id = run.id AND state = 'failed') AS failed
  FROM run JOIN job ON job.id = run.job_id LEFT JOIN reference_set ON reference_set.id = run.reference_set_id`;

const toRun = (row: RunRow): Run => ({
  id: row.id,
  studyId: row.study_id,
  // Parsed, so that fields newer than the run have their defaults.
  settings: RunSettings.parse(JSON.parse(row.settings)),
  modelSha256: row.model_sha256,
  referenceSet:
    row.reference_set_id === null || row.version === null
      ? null
      : { id: row.reference_set_id, version: row.version, name: row.set_name, size: row.size },
  state: row.state,
  total: row.total,
  done: row.done,
  failed: row.failed,
  error: row.error,
  createdAt: row.created_at,
  finishedAt: row.finished_at,
});

export function runRepository(db: Connection) {
  const all = db.prepare<[], RunRow>(`${joined} ORDER BY run.id DESC`);
  const ofStudy = db.prepare<[StudyId], RunRow>(`${joined} WHERE run.study_id = ? ORDER BY run.id DESC`);
  const one = db.prepare<[RunId], RunRow>(`${joined} WHERE run.id = ?`);
  const ofJob = db.prepare<[JobId], { id: RunId }>('SELECT id FROM run WHERE job_id = ?');
  const jobOf = db.prepare<[RunId], { job_id: JobId }>('SELECT job_id FROM run WHERE id = ?');
  const insert = db.prepare(
    'INSERT INTO run (study_id, job_id, reference_set_id, settings, model_sha256, created_at) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const remove = db.prepare('DELETE FROM run WHERE id = ?');
  const removeJob = db.prepare('DELETE FROM job WHERE id = ?');

  const get = (id: RunId): Run => {
    const row = one.get(id);
    if (!row) throw new Failure('not-found', `There is no run ${id}.`);
    return toRun(row);
  };

  return {
    list: (): Run[] => all.all().map(toRun),
    ofStudy: (study: StudyId): Run[] => ofStudy.all(study).map(toRun),
    get,
    ofJob(job: JobId): Run {
      const row = ofJob.get(job);
      if (!row) throw new Error(`job ${job} has no run`);
      return get(row.id);
    },
    jobOf: (id: RunId): JobId | undefined => jobOf.get(id)?.job_id,
    create(run: NewRun): RunId {
      const { lastInsertRowid } = insert.run(
        run.studyId,
        run.jobId,
        run.referenceSetId,
        JSON.stringify(run.settings),
        run.modelSha256,
        new Date().toISOString(),
      );
      return Number(lastInsertRowid) as RunId;
    },
    remove(id: RunId): void {
      const job = jobOf.get(id)?.job_id;
      remove.run(id);
      if (job !== undefined) removeJob.run(job);
    },
  };
}
