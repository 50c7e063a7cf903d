import type { JobState, RunId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { SweepPlan, type SweepId } from '#shared/sweep.ts';
import type { Connection } from '../database.ts';

interface SweepRow {
  id: SweepId;
  study_id: StudyId;
  name: string;
  plan: string;
  created_at: string;
}

interface MemberRow {
  run_id: RunId;
  point: string;
  state: JobState;
  done: number;
  total: number;
}

export interface StoredSweep {
  readonly id: SweepId;
  readonly studyId: StudyId;
  readonly name: string;
  readonly plan: SweepPlan;
  readonly createdAt: string;
}

const toSweep = (row: SweepRow): StoredSweep => ({
  id: row.id,
  studyId: row.study_id,
  name: row.name,
  plan: SweepPlan.parse(JSON.parse(row.plan)),
  createdAt: row.created_at,
});

export function sweepRepository(db: Connection) {
  const one = db.prepare<[SweepId], SweepRow>('SELECT * FROM sweep WHERE id = ?');
  const ofStudy = db.prepare<[StudyId], SweepRow>('SELECT * FROM sweep WHERE study_id = ? ORDER BY id DESC');
  const insert = db.prepare('INSERT INTO sweep (study_id, name, plan, created_at) VALUES (?, ?, ?, ?)');
  const insertMember = db.prepare(
    'INSERT INTO sweep_run (run_id, sweep_id, position, point) VALUES (?, ?, ?, ?)',
  );
  const members = db.prepare<[SweepId], MemberRow>(`
    SELECT sweep_run.run_id, sweep_run.point, job.state,
      (SELECT COUNT(*) FROM result WHERE result.run_id = run.id AND result.state <> 'pending') AS done,
      (SELECT COUNT(*) FROM result WHERE result.run_id = run.id) AS total
    FROM sweep_run JOIN run ON run.id = sweep_run.run_id JOIN job ON job.id = run.job_id
    WHERE sweep_run.sweep_id = ? ORDER BY sweep_run.position`);

  return {
    get(id: SweepId): StoredSweep {
      const row = one.get(id);
      if (!row) throw new Failure('not-found', `There is no sweep ${id}.`);
      return toSweep(row);
    },
    ofStudy: (study: StudyId): StoredSweep[] => ofStudy.all(study).map(toSweep),
    create: (study: StudyId, name: string, plan: SweepPlan): SweepId =>
      Number(
        insert.run(study, name, JSON.stringify(plan), new Date().toISOString()).lastInsertRowid,
      ) as SweepId,
    addRun: (sweep: SweepId, run: RunId, position: number, row: string): void =>
      void insertMember.run(run, sweep, position, row),
    members: (sweep: SweepId) =>
      members.all(sweep).map((row) => ({
        runId: row.run_id,
        row: row.point,
        state: row.state,
        done: row.done,
        total: row.total,
      })),
  };
}
