/**
 * An annotation as it stands, the steps undo goes back through, the revisions that are never changed, and what readers
 * decided about whole images. The imported ground truth stays where it was: in `image`.
 */
export const annotations = `
CREATE TABLE annotation (
  id INTEGER PRIMARY KEY,
  image_id INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
  reader TEXT NOT NULL,
  -- Steps up to this number are applied.
  applied INTEGER NOT NULL DEFAULT 0,
  segments TEXT NOT NULL,
  notes TEXT NOT NULL,
  -- The whole label map, raw deflate; NULL while nothing was ever drawn.
  labels BLOB,
  updated_at TEXT NOT NULL,
  UNIQUE (image_id, reader)
) STRICT;

CREATE TABLE finding (
  annotation_id INTEGER NOT NULL REFERENCES annotation(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  id TEXT NOT NULL,
  x REAL NOT NULL,
  y REAL NOT NULL,
  segment INTEGER,
  verdict TEXT NOT NULL CHECK (verdict IN ('confirmed', 'rejected', 'unsure')),
  severity TEXT CHECK (severity IN ('minor', 'moderate', 'major')),
  comment TEXT NOT NULL,
  PRIMARY KEY (annotation_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE annotation_step (
  annotation_id INTEGER NOT NULL REFERENCES annotation(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  title TEXT NOT NULL,
  at TEXT NOT NULL,
  -- The rectangle whose labels changed, and its bytes on either side of the step (raw deflate); all NULL or none.
  x INTEGER,
  y INTEGER,
  width INTEGER,
  height INTEGER,
  labels_before BLOB,
  labels_after BLOB,
  -- The document on either side of the step; both NULL where it did not change.
  document_before TEXT,
  document_after TEXT,
  PRIMARY KEY (annotation_id, number),
  CHECK ((x IS NULL) = (labels_before IS NULL) AND (x IS NULL) = (labels_after IS NULL)),
  CHECK ((document_before IS NULL) = (document_after IS NULL))
) STRICT;

CREATE TABLE annotation_revision (
  annotation_id INTEGER NOT NULL REFERENCES annotation(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  reason TEXT NOT NULL,
  document TEXT NOT NULL,
  labels BLOB,
  PRIMARY KEY (annotation_id, number)
) STRICT;

CREATE TABLE reading (
  id INTEGER PRIMARY KEY,
  image_id INTEGER NOT NULL REFERENCES image(id) ON DELETE CASCADE,
  reader TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('open', 'blind', 'revealed')),
  verdict TEXT CHECK (verdict IN ('normal', 'anomalous', 'unsure', 'excluded', 'reference')),
  at TEXT NOT NULL,
  seconds REAL NOT NULL,
  -- Without a reference: what a reader decided outlives the run.
  run_id INTEGER,
  revision INTEGER,
  -- Only where the verdict changed the role: what it was before.
  role_before TEXT,
  withdrawn_at TEXT
) STRICT;
CREATE INDEX reading_of_image ON reading (image_id, id);
`;
