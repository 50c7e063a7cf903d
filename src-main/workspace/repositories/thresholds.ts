import type { RunId, StudyId } from '#shared/domain.ts';
import type { Cuts, Threshold, ThresholdId, ThresholdRule } from '#shared/decision.ts';
import { Failure } from '#shared/errors.ts';
import type { Connection } from '../database.ts';

interface ThresholdRow {
  id: ThresholdId;
  study_id: StudyId;
  name: string;
  version: number;
  run_id: RunId | null;
  low: number;
  high: number;
  rule: string;
  created_at: string;
}

export interface NewThreshold {
  readonly studyId: StudyId;
  readonly name: string;
  readonly runId: RunId;
  readonly cuts: Cuts;
  readonly rule: ThresholdRule;
}

const toThreshold = (row: ThresholdRow): Threshold => ({
  id: row.id,
  studyId: row.study_id,
  name: row.name,
  version: row.version,
  runId: row.run_id,
  low: row.low,
  high: row.high,
  rule: JSON.parse(row.rule) as ThresholdRule,
  createdAt: row.created_at,
});

export function thresholdRepository(db: Connection) {
  const one = db.prepare<[ThresholdId], ThresholdRow>('SELECT * FROM threshold WHERE id = ?');
  const ofStudy = db.prepare<[StudyId], ThresholdRow>(
    'SELECT * FROM threshold WHERE study_id = ? ORDER BY name, version DESC',
  );
  const ofRun = db.prepare<[RunId], ThresholdRow>(
    'SELECT threshold.* FROM threshold JOIN run_threshold ON threshold_id = threshold.id WHERE run_threshold.run_id = ?',
  );
  const nextVersion = db.prepare<[StudyId, string], { version: number }>(
    'SELECT COALESCE(MAX(version), 0) + 1 AS version FROM threshold WHERE study_id = ? AND name = ?',
  );
  const insert = db.prepare(
    'INSERT INTO threshold (study_id, name, version, run_id, low, high, rule, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
  );
  const assign = db.prepare('INSERT OR REPLACE INTO run_threshold (run_id, threshold_id) VALUES (?, ?)');
  const unassign = db.prepare('DELETE FROM run_threshold WHERE run_id = ?');

  const get = (id: ThresholdId): Threshold => {
    const row = one.get(id);
    if (!row) throw new Failure('not-found', `There is no threshold ${id}.`);
    return toThreshold(row);
  };

  return {
    get,
    /** Every version of every name, the latest version of a name first. */
    ofStudy: (study: StudyId): Threshold[] => ofStudy.all(study).map(toThreshold),
    /** The one a run refers to. */
    ofRun(run: RunId): Threshold | null {
      const row = ofRun.get(run);
      return row ? toThreshold(row) : null;
    },
    create({ studyId, name, runId, cuts, rule }: NewThreshold): Threshold {
      const version = nextVersion.get(studyId, name)?.version ?? 1;
      const { lastInsertRowid } = insert.run(
        studyId,
        name,
        version,
        runId,
        cuts.low,
        cuts.high,
        JSON.stringify(rule),
        new Date().toISOString(),
      );
      return get(Number(lastInsertRowid) as ThresholdId);
    },
    assign: (run: RunId, threshold: ThresholdId | null): void =>
      void (threshold === null ? unassign.run(run) : assign.run(run, threshold)),
  };
}
