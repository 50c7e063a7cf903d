/**
 * Reference sets that people name, and what the doctor of the normal set found. A job of the doctor has one row an image
 * from its start; a settled row of a normal image has its leave-one-out scores on the patch grid.
 */
export const normalSet = `
ALTER TABLE reference_set ADD COLUMN name TEXT;
CREATE UNIQUE INDEX reference_set_by_name ON reference_set (study_id, name) WHERE name IS NOT NULL;

CREATE TABLE doctor (
  job_id INTEGER PRIMARY KEY REFERENCES job(id) ON DELETE CASCADE,
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  settings TEXT NOT NULL,
  -- Null until all is examined.
  findings TEXT
) STRICT;
CREATE INDEX doctor_of_study ON doctor (study_id);

CREATE TABLE doctor_image (
  job_id INTEGER NOT NULL REFERENCES doctor(job_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
  part TEXT NOT NULL CHECK (part IN ('normal', 'query', 'spare')),
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'examined', 'failed')),
  error TEXT,
  -- The most similar normal image.
  nearest_id INTEGER,
  nearest_similarity REAL,
  pca_x REAL,
  pca_y REAL,
  umap_x REAL,
  umap_y REAL,
  score REAL,
  grid_rows INTEGER,
  grid_columns INTEGER,
  scores BLOB,
  PRIMARY KEY (job_id, image_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX doctor_image_of_image ON doctor_image (image_id);
`;
