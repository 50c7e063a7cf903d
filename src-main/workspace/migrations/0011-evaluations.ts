/** Decisions on image scores, grids of runs, and figures that take a while. */
export const evaluations = `
-- Further figures of a run that take a while: computed from results, may be deleted at any time.
CREATE TABLE analysis (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  options TEXT NOT NULL,
  result TEXT NOT NULL,
  PRIMARY KEY (run_id, kind, options)
) STRICT, WITHOUT ROWID;

-- A decision on image scores, kept under a name; changing it makes the next version, so what referred to one still does.
CREATE TABLE threshold (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  -- The run it was chosen on; the threshold outlives it.
  run_id INTEGER REFERENCES run(id) ON DELETE SET NULL,
  low REAL NOT NULL,
  high REAL NOT NULL,
  rule TEXT NOT NULL,
  created_at TEXT NOT NULL,
  CHECK (low <= high),
  UNIQUE (study_id, name, version)
) STRICT;

CREATE TABLE sweep (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  plan TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

-- Ordinary runs, in the order of the sweep's table.
CREATE TABLE sweep_run (
  run_id INTEGER PRIMARY KEY REFERENCES run(id) ON DELETE CASCADE,
  sweep_id INTEGER NOT NULL REFERENCES sweep(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  -- What this run varies, as the sweep's table shows it.
  point TEXT NOT NULL
) STRICT;
CREATE INDEX run_of_sweep ON sweep_run (sweep_id, position);

-- The decision a run refers to.
CREATE TABLE run_threshold (
  run_id INTEGER PRIMARY KEY REFERENCES run(id) ON DELETE CASCADE,
  threshold_id INTEGER NOT NULL REFERENCES threshold(id) ON DELETE CASCADE
) STRICT;
`;
