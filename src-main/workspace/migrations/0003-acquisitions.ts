/**
 * Slices of series and volumes: who they are of, how they are to be seen, where they lie. `acquisition` and `source` are
 * JSON that is only ever read and written whole; a picture has none.
 */
export const acquisitions = `
ALTER TABLE image ADD COLUMN patient TEXT;
ALTER TABLE image ADD COLUMN window_low REAL;
ALTER TABLE image ADD COLUMN window_high REAL;
ALTER TABLE image ADD COLUMN acquisition TEXT;
CREATE INDEX image_by_patient ON image (study_id, patient);

-- What to take out of a file that holds more than one image, and what its import already knows of it.
ALTER TABLE import_item ADD COLUMN source TEXT;

-- Values a workspace keeps to itself, such as the key of its patient hashes. Never shown, never exported.
CREATE TABLE secret (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;
`;
