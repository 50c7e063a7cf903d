/** Folders whose new images come into a study by themselves, and the files that were seen in them. */
export const watchedFolders = `
CREATE TABLE watched_folder (
  id INTEGER PRIMARY KEY,
  study_id INTEGER NOT NULL REFERENCES study(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('normal', 'query')),
  active INTEGER NOT NULL CHECK (active IN (0, 1)),
  -- What new images are scored with; NULL where they are only imported.
  settings TEXT,
  -- The run they are scored in, from the first of them on.
  run_id INTEGER REFERENCES run(id) ON DELETE SET NULL,
  created_at TEXT NOT NULL,
  UNIQUE (study_id, path)
) STRICT;

-- A file counts as new again when its size or time changes.
CREATE TABLE watched_file (
  folder_id INTEGER NOT NULL REFERENCES watched_folder(id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  size INTEGER NOT NULL,
  modified REAL NOT NULL,
  job_id INTEGER,
  PRIMARY KEY (folder_id, path)
) STRICT, WITHOUT ROWID;
`;
