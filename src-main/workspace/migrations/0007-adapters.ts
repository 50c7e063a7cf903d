/** Text encoders, prompts, and the adapters of AD-DINOv3 with the jobs that train them. */
export const adapters = `
-- Imported text encoders; their files lie in models/<name>/ as those of other models do.
CREATE TABLE text_model (
  name TEXT PRIMARY KEY,
  description TEXT NOT NULL,
  licence TEXT NOT NULL,
  licence_notice TEXT NOT NULL,
  imported_at TEXT NOT NULL
) STRICT;

-- What the images of a study show, in words; studies without a row have the defaults.
CREATE TABLE study_prompts (
  study_id INTEGER PRIMARY KEY REFERENCES study(id) ON DELETE CASCADE,
  class_name TEXT NOT NULL,
  list TEXT NOT NULL
) STRICT;

-- Trained or imported; the file lies in adapters/<sha256>.nidus-adapter.
CREATE TABLE adapter (
  sha256 TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  description TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  added_at TEXT NOT NULL
) STRICT;

-- What a training job does; its features, checkpoint and result lie in trainings/<job>/.
CREATE TABLE training (
  job_id INTEGER PRIMARY KEY REFERENCES job(id) ON DELETE CASCADE,
  request TEXT NOT NULL,
  batches INTEGER NOT NULL
) STRICT;

-- Losses of the batches done, for the curves.
CREATE TABLE training_batch (
  job_id INTEGER NOT NULL REFERENCES training(job_id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  focal REAL NOT NULL,
  dice REAL NOT NULL,
  calibration_focal REAL NOT NULL,
  calibration_dice REAL NOT NULL,
  total REAL NOT NULL,
  PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;
`;
