import type { Migration } from './migration.ts';

/** 1 - x of every float32 of a blob. */
function oneMinus(blob: Uint8Array): Buffer {
  // A Buffer of the driver may sit at any offset; floats need a multiple of four.
  const values = new Float32Array(Uint8Array.from(blob).buffer);
  return Buffer.from(values.map((value) => 1 - value).buffer);
}

/**
 * Every method gives raw anomaly scores, higher = more anomalous: the similarities that DINO-AD left become 1 - similarity,
 * which is what every map and figure was drawn from before. A run of a method without references has no reference set.
 */
export const rawScores: Migration = (db) => {
  db.function('one_minus', { deterministic: true }, (blob) => oneMinus(blob as Uint8Array));
  db.exec(`
ALTER TABLE result RENAME COLUMN similarity TO scores;
UPDATE result SET scores = one_minus(scores) WHERE scores IS NOT NULL;

CREATE TABLE run_rebuilt (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  job_id INTEGER NOT NULL UNIQUE REFERENCES job(id),
  reference_set_id INTEGER REFERENCES reference_set(id),
  settings TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
INSERT INTO run_rebuilt
  SELECT id, study_id, job_id, reference_set_id, settings, model_sha256, created_at FROM run;
DROP TABLE run;
ALTER TABLE run_rebuilt RENAME TO run;
`);
};
