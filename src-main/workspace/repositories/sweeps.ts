import type { JobState, RunId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { type SweepMembership, SweepPart, SweepPlan, type SweepId } from '#shared/sweep.ts';
import type { Connection } from '../database.ts';

interface SweepRow {
  id: SweepId;
  name: string;
  plan: string;
  created_at: string;
}

interface PartRow {
  study_id: StudyId;
  study: string;
  data_set: string | null;
  split: string | null;
}

interface MemberRow {
  run_id: RunId;
  study_id: StudyId;
  model: string;
  point: string;
  state: JobState;
  done: number;
  total: number;
}

export type NewPart = Omit<SweepPart, 'study'>;

export interface StoredSweep {
  readonly id: SweepId;
  readonly name: string;
  readonly plan: SweepPlan;
  readonly createdAt: string;
}

const toSweep = (row: SweepRow): StoredSweep => ({
  id: row.id,
  name: row.name,
  plan: SweepPlan.parse(JSON.parse(row.plan)),
  createdAt: row.created_at,
});

export function sweepRepository(db: Connection) {
  const one = db.prepare<[SweepId], SweepRow>('SELECT * FROM sweep WHERE id = ?');
  const ofStudy = db.prepare<[StudyId], SweepRow>(`
    SELECT sweep.* FROM sweep JOIN sweep_part ON sweep_part.sweep_id = sweep.id
    WHERE sweep_part.study_id = ? ORDER BY sweep.id DESC`);
  const insert = db.prepare('INSERT INTO sweep (name, plan, created_at) VALUES (?, ?, ?)');
  const insertPart = db.prepare(
    'INSERT INTO sweep_part (sweep_id, study_id, position, data_set, split) VALUES (?, ?, ?, ?, ?)',
  );
  const insertMember = db.prepare(
    'INSERT INTO sweep_run (run_id, sweep_id, position, point) VALUES (?, ?, ?, ?)',
  );
  const parts = db.prepare<[SweepId], PartRow>(`
    SELECT sweep_part.study_id, study.name AS study, sweep_part.data_set, sweep_part.split
    FROM sweep_part JOIN study ON study.id = sweep_part.study_id
    WHERE sweep_part.sweep_id = ? ORDER BY sweep_part.position`);
  const members = db.prepare<[SweepId], MemberRow>(`
    SELECT sweep_run.run_id, run.study_id, json_extract(run.settings, '$.model') AS model, sweep_run.point, job.state,
      (SELECT COUNT(*) FROM result WHERE result.run_id = run.id AND result.state <> 'pending') AS done,
      (SELECT COUNT(*) FROM result WHERE result.run_id = run.id) AS total
    FROM sweep_run JOIN run ON run.id = sweep_run.run_id JOIN job ON job.id = run.job_id
    WHERE sweep_run.sweep_id = ? ORDER BY sweep_run.position`);

  const ofRun = db.prepare<
    [RunId],
    { sweep_id: SweepId; point: string; plan: string; data_set: string | null }
  >(`
    SELECT sweep_run.sweep_id, sweep_run.point, sweep.plan, sweep_part.data_set
    FROM sweep_run JOIN sweep ON sweep.id = sweep_run.sweep_id JOIN run ON run.id = sweep_run.run_id
    LEFT JOIN sweep_part ON sweep_part.sweep_id = sweep.id AND sweep_part.study_id = run.study_id
    WHERE sweep_run.run_id = ?`);

  return {
    get(id: SweepId): StoredSweep {
      const row = one.get(id);
      if (!row) throw new Failure('not-found', `There is no sweep ${id}.`);
      return toSweep(row);
    },
    /** Newest first. */
    ofStudy: (study: StudyId): StoredSweep[] => ofStudy.all(study).map(toSweep),
    ofRun(run: RunId): SweepMembership | null {
      const row = ofRun.get(run);
      if (!row) return null;
      const { protocol } = SweepPlan.parse(JSON.parse(row.plan));
      return { sweepId: row.sweep_id, row: row.point, protocol, dataSet: row.data_set };
    },
    create(name: string, plan: SweepPlan, of: readonly NewPart[]): SweepId {
      const created = insert.run(name, JSON.stringify(plan), new Date().toISOString());
      const id = Number(created.lastInsertRowid) as SweepId;
      for (const [position, { studyId, dataSet, split }] of of.entries())
        insertPart.run(id, studyId, position, dataSet, split && JSON.stringify(split));
      return id;
    },
    addRun: (sweep: SweepId, run: RunId, position: number, row: string): void =>
      void insertMember.run(run, sweep, position, row),
    parts: (sweep: SweepId): SweepPart[] =>
      parts.all(sweep).map((row) => ({
        studyId: row.study_id,
        study: row.study,
        dataSet: row.data_set,
        split: row.split === null ? null : SweepPart.shape.split.parse(JSON.parse(row.split)),
      })),
    members: (sweep: SweepId) =>
      members.all(sweep).map((row) => ({
        runId: row.run_id,
        studyId: row.study_id,
        model: row.model,
        row: row.point,
        state: row.state,
        done: row.done,
        total: row.total,
      })),
  };
}
