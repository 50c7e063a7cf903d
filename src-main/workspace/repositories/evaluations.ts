import type { RunId, Scale, Scope } from '#shared/domain.ts';
import type { Evaluation } from '#shared/results.ts';
import type { Connection } from '../database.ts';

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

  return {
    get(run: RunId, scale: Scale, scope: Scope): Evaluation | undefined {
      const row = get.get(run, scale, scope);
      return row && (JSON.parse(row.figures) as Evaluation);
    },
    put: (evaluation: Evaluation): void =>
      void put.run(evaluation.runId, evaluation.scale, evaluation.scope, JSON.stringify(evaluation)),
    /** When results or labels change. */
    forget: (run: RunId): void => void forget.run(run),
    forgetStudy: (study: number): void => void forgetStudy.run(study),
  };
}
