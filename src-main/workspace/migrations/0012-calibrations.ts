/** Quantiles of the scores of normal images, each scored against the others; may be deleted and computed again. */
export const calibrations = `
CREATE TABLE calibration (
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  reference_hash TEXT NOT NULL,
  model_sha256 TEXT NOT NULL,
  settings TEXT NOT NULL,
  quantiles TEXT NOT NULL,
  created_at TEXT NOT NULL,
  PRIMARY KEY (study_id, reference_hash, model_sha256, settings)
) STRICT;
`;
