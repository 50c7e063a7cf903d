/**
 * Which kinds of job and which precisions there are is said by the domain types alone: a CHECK beside them has to be
 * changed by rebuilding the table each time the program learns one more.
 */
export const openKinds = `
CREATE TABLE job_rebuilt (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  study_id INTEGER REFERENCES study(id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
  error TEXT,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT
) STRICT;
INSERT INTO job_rebuilt SELECT id, kind, title, study_id, state, error, created_at, started_at, finished_at FROM job;
DROP TABLE job;
ALTER TABLE job_rebuilt RENAME TO job;
CREATE INDEX job_by_state ON job (state);

CREATE TABLE model_rebuilt (
  name TEXT PRIMARY KEY,
  family TEXT NOT NULL,
  licence TEXT NOT NULL,
  licence_notice TEXT NOT NULL,
  licence_accepted_at TEXT NOT NULL,
  sha256 TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  patch INTEGER NOT NULL,
  minimum_size INTEGER NOT NULL,
  dimension INTEGER NOT NULL,
  embedding_dimension INTEGER NOT NULL,
  layers INTEGER NOT NULL,
  precision TEXT NOT NULL,
  normalisation TEXT,
  interpolation TEXT NOT NULL CHECK (interpolation IN ('bilinear', 'bicubic')),
  deviation REAL NOT NULL,
  milliseconds REAL NOT NULL,
  imported_at TEXT NOT NULL
) STRICT;
INSERT INTO model_rebuilt
  SELECT name, family, licence, licence_notice, licence_accepted_at, sha256, bytes, patch, minimum_size, dimension,
    embedding_dimension, layers, precision, normalisation, interpolation, deviation, milliseconds, imported_at
  FROM model;
DROP TABLE model;
ALTER TABLE model_rebuilt RENAME TO model;
`;
