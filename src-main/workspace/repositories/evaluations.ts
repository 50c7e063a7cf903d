import type { RunId, Scale, Scope } from '#shared/domain.ts';
import { Evaluation } from '#shared/results.ts';
import type { Connection } from '../database.ts';

export type AnalysisKind = 'froc' | 'bootstrap';

/** Evaluations are kept because pooling thousands of maps takes seconds; they follow from the results alone. */
export function evaluationRepository(db: Connection) {
  const get = db.prepare<[RunId, Scale, Scope], { figures: string }>(
    'SELECT figures FROM evaluation WHERE run_id = ? AND scale = ? AND scope = ?',
  );
  const put = db.prepare(
    'INSERT OR REPLACE INTO evaluation (run_id, scale, scope, figures) VALUES (?, ?, ?, ?)',
  );
  const forget = db.prepare('DELETE FROM evaluation WHERE run_id = ?');
  const forgetStudy = db.prepare(
    'DELETE FROM evaluation WHERE run_id IN (SELECT id FROM run WHERE study_id = ?)',
  );

  const getAnalysis = db.prepare<[RunId, string, string], { result: string }>(
    'SELECT result FROM analysis WHERE run_id = ? AND kind = ? AND options = ?',
  );
  const putAnalysis = db.prepare(
    'INSERT OR REPLACE INTO analysis (run_id, kind, options, result) VALUES (?, ?, ?, ?)',
  );
  const forgetAnalyses = db.prepare('DELETE FROM analysis WHERE run_id = ?');
  const forgetAnalysesOfStudy = db.prepare(
    'DELETE FROM analysis WHERE run_id IN (SELECT id FROM run WHERE study_id = ?)',
  );

  return {
    /** One of an older Nidus that says less than today's counts as none. */
    get(run: RunId, scale: Scale, scope: Scope): Evaluation | undefined {
      const row = get.get(run, scale, scope);
      return row && Evaluation.safeParse(JSON.parse(row.figures)).data;
    },
    put: (evaluation: Evaluation): void =>
      void put.run(evaluation.runId, evaluation.scale, evaluation.scope, JSON.stringify(evaluation)),
    /** Figures of other kinds, by the options they were computed with. */
    analysis(run: RunId, kind: AnalysisKind, options: unknown): unknown {
      const row = getAnalysis.get(run, kind, JSON.stringify(options));
      return row && JSON.parse(row.result);
    },
    putAnalysis: (run: RunId, kind: AnalysisKind, options: unknown, result: unknown): void =>
      void putAnalysis.run(run, kind, JSON.stringify(options), JSON.stringify(result)),
    /** When results or labels change. */
    forget(run: RunId): void {
      forget.run(run);
      forgetAnalyses.run(run);
    },
    forgetStudy(study: number): void {
      forgetStudy.run(study);
      forgetAnalysesOfStudy.run(study);
    },
  };
}
