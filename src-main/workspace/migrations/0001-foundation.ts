/**
 * Patch-level maps are small (28 x 28 floats), so they live in the database; pixels live in `blobs/`.
 * JSON columns hold values that are only ever read and written whole.
 */
export const foundation = `
CREATE TABLE study (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  sample TEXT,
  created_at TEXT NOT NULL
) STRICT;

CREATE TABLE image (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('normal', 'query', 'excluded')),
  label TEXT NOT NULL CHECK (label IN ('normal', 'abnormal', 'unknown')),
  split TEXT CHECK (split IN ('train', 'valid', 'test')),
  defect TEXT,
  pixels_sha256 TEXT NOT NULL,
  pixel_type TEXT NOT NULL,
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  channels INTEGER NOT NULL,
  bits INTEGER NOT NULL,
  minimum REAL NOT NULL,
  maximum REAL NOT NULL,
  mean REAL NOT NULL,
  spacing_row REAL,
  spacing_column REAL,
  ground_truth TEXT NOT NULL CHECK (ground_truth IN ('drawn', 'empty', 'unknown')),
  mask_sha256 TEXT,
  -- Where the import's plan put it: images arrive in any order, people see them in this one.
  position INTEGER NOT NULL,
  CHECK ((ground_truth = 'drawn') = (mask_sha256 IS NOT NULL)),
  UNIQUE (study_id, name)
) STRICT;
CREATE INDEX image_by_position ON image (study_id, position);

CREATE TABLE job (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('import', 'run')),
  title TEXT NOT NULL,
  study_id INTEGER REFERENCES study(id) ON DELETE CASCADE,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed', 'cancelled')),
  error TEXT,
  created_at TEXT NOT NULL,
  started_at TEXT,
  finished_at TEXT
) STRICT;
CREATE INDEX job_by_state ON job (state);

CREATE TABLE import_item (
  job_id INTEGER NOT NULL REFERENCES job(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  path TEXT NOT NULL,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  label TEXT NOT NULL,
  split TEXT,
  defect TEXT,
  ground_truth TEXT NOT NULL,
  mask_path TEXT,
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'imported', 'unchanged', 'failed')),
  error TEXT,
  PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE reference_set (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  version INTEGER NOT NULL,
  content_hash TEXT NOT NULL,
  created_at TEXT NOT NULL,
  UNIQUE (study_id, version),
  UNIQUE (study_id, content_hash)
) STRICT;

CREATE TABLE reference_set_image (
  reference_set_id INTEGER NOT NULL REFERENCES reference_set(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image(id),
  PRIMARY KEY (reference_set_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX reference_set_of_image ON reference_set_image (image_id);

CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  job_id INTEGER NOT NULL UNIQUE REFERENCES job(id),
  reference_set_id INTEGER NOT NULL REFERENCES reference_set(id),
  settings TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  created_at TEXT NOT NULL
) STRICT;

-- One row an image from the start of the run; a scored row has its maps, a failed one its reason.
CREATE TABLE result (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  image_id INTEGER NOT NULL REFERENCES image(id),
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'scored', 'failed')),
  grid_rows INTEGER,
  grid_columns INTEGER,
  similarity BLOB,
  foreground BLOB,
  image_score REAL,
  support TEXT,
  cluster_sizes TEXT,
  milliseconds TEXT,
  error_kind TEXT,
  error TEXT,
  PRIMARY KEY (run_id, image_id),
  CHECK ((state = 'scored') = (similarity IS NOT NULL AND foreground IS NOT NULL AND image_score IS NOT NULL)),
  CHECK ((state = 'failed') = (error IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX result_of_image ON result (image_id);

-- Computed from results; may be deleted at any time.
CREATE TABLE evaluation (
  run_id INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
  scale TEXT NOT NULL,
  scope TEXT NOT NULL,
  figures TEXT NOT NULL,
  PRIMARY KEY (run_id, scale, scope)
) STRICT, WITHOUT ROWID;

-- Imported models; their files lie in models/<name>/. Runs name a model without a reference: results outlive it.
CREATE TABLE model (
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
  precision TEXT NOT NULL CHECK (precision IN ('fp32', 'int8')),
  normalisation TEXT,
  interpolation TEXT NOT NULL CHECK (interpolation IN ('bilinear', 'bicubic')),
  deviation REAL NOT NULL,
  milliseconds REAL NOT NULL,
  imported_at TEXT NOT NULL
) STRICT;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at TEXT NOT NULL,
  action TEXT NOT NULL,
  detail TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
`;
