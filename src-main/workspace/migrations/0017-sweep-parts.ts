/** Sweeps over several studies: a protocol runs on every category of a data set. */
export const sweepParts = `
CREATE TABLE sweep_part (
  sweep_id INTEGER NOT NULL REFERENCES sweep(id) ON DELETE CASCADE,
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  -- Whose published numbers stand beside.
  data_set TEXT,
  -- Which images a protocol took, as JSON.
  split TEXT,
  PRIMARY KEY (sweep_id, study_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sweep_of_study ON sweep_part (study_id);

INSERT INTO sweep_part SELECT id, study_id, 0, json_extract(plan, '$.dataSet'), NULL FROM sweep;

CREATE TABLE new_sweep (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  plan TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;
INSERT INTO new_sweep SELECT id, name, plan, created_at FROM sweep;
DROP TABLE sweep;
ALTER TABLE new_sweep RENAME TO sweep;

CREATE TRIGGER sweep_without_parts AFTER DELETE ON sweep_part
WHEN NOT EXISTS (SELECT 1 FROM sweep_part WHERE sweep_id = OLD.sweep_id)
BEGIN
  DELETE FROM sweep WHERE id = OLD.sweep_id;
END;
`;
