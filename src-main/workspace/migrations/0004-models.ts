/**
 * Models remember where they came from and what each precision costs; imports and downloads of models are jobs, whose request is
 * kept so that they go on after a restart; licences are accepted once; what a device did with a model is known by the hash of the
 * model, so that built-in models have it too.
 */
export const modelRecords = `
ALTER TABLE model ADD COLUMN registers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE model ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE model ADD COLUMN deviations TEXT NOT NULL DEFAULT '{}';
UPDATE model SET deviations = json_object(precision, deviation);
ALTER TABLE model DROP COLUMN deviation;

CREATE TABLE licence_acceptance (
  licence TEXT PRIMARY KEY,
  accepted_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO licence_acceptance SELECT licence, MIN(licence_accepted_at) FROM model GROUP BY licence;

CREATE TABLE model_request (
  job_id INTEGER PRIMARY KEY REFERENCES job(id) ON DELETE CASCADE,
  request TEXT NOT NULL
) STRICT;

CREATE TABLE device_trial (
  model_sha256 TEXT NOT NULL,
  -- A workspace may be opened on another machine, or with another version of the runtime.
  machine TEXT NOT NULL,
  device TEXT NOT NULL,
  milliseconds REAL,
  deviation REAL,
  refusal TEXT,
  tried_at TEXT NOT NULL,
  PRIMARY KEY (model_sha256, machine, device),
  CHECK ((refusal IS NULL) = (milliseconds IS NOT NULL AND deviation IS NOT NULL))
) STRICT, WITHOUT ROWID;
`;
