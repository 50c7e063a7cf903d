import { createHash } from 'node:crypto';
import type { ImageId, ReferenceSetId, RunId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { ReferenceSet } from '#shared/references.ts';
import type { Connection } from '../database.ts';
import type { StoredImage } from './images.ts';

/** A set with what only main needs to know of it. */
export interface FrozenSet {
  readonly id: ReferenceSetId;
  readonly studyId: StudyId;
  readonly version: number;
  readonly name: string | null;
  readonly contentHash: string;
  readonly images: readonly ImageId[];
}

interface ReferenceSetRow {
  id: ReferenceSetId;
  study_id: StudyId;
  version: number;
  name: string | null;
  content_hash: string;
  created_at: string;
}

interface ListedRow extends ReferenceSetRow {
  size: number;
  runs: string;
}

/** The same images with the same pixels make the same set, in whatever order they were chosen. */
export const contentHash = (images: readonly StoredImage[]): string => {
  const hash = createHash('sha256');
  for (const line of images.map(({ id, pixels }) => `${id} ${pixels.sha256}\n`).sort()) hash.update(line);
  return hash.digest('hex');
};

const toListed = (row: ListedRow): ReferenceSet => ({
  id: row.id,
  version: row.version,
  name: row.name,
  size: row.size,
  createdAt: row.created_at,
  runs: (JSON.parse(row.runs) as RunId[]).sort((a, b) => b - a),
});

export function referenceSetRepository(db: Connection) {
  const byHash = db.prepare<[StudyId, string], ReferenceSetRow>(
    'SELECT * FROM reference_set WHERE study_id = ? AND content_hash = ?',
  );
  const byName = db.prepare<[StudyId, string], ReferenceSetRow>(
    'SELECT * FROM reference_set WHERE study_id = ? AND name = ?',
  );
  const one = db.prepare<[ReferenceSetId], ReferenceSetRow>('SELECT * FROM reference_set WHERE id = ?');
  const listed = db.prepare<[StudyId], ListedRow>(`
    SELECT reference_set.*,
      (SELECT COUNT(*) FROM reference_set_image m WHERE m.reference_set_id = reference_set.id) AS size,
      (SELECT json_group_array(run.id) FROM run WHERE run.reference_set_id = reference_set.id) AS runs
    FROM reference_set WHERE study_id = ? ORDER BY version DESC`);
  const members = db.prepare<[ReferenceSetId], { image_id: ImageId }>(
    'SELECT image_id FROM reference_set_image WHERE reference_set_id = ? ORDER BY position',
  );
  const nextVersion = db.prepare<[StudyId], { version: number }>(
    'SELECT COALESCE(MAX(version), 0) + 1 AS version FROM reference_set WHERE study_id = ?',
  );
  const insert = db.prepare(
    'INSERT INTO reference_set (study_id, version, content_hash, created_at) VALUES (?, ?, ?, ?)',
  );
  const insertMember = db.prepare(
    'INSERT INTO reference_set_image (reference_set_id, position, image_id) VALUES (?, ?, ?)',
  );
  const setName = db.prepare('UPDATE reference_set SET name = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM reference_set WHERE id = ?');

  const toSet = (row: ReferenceSetRow): FrozenSet => ({
    id: row.id,
    studyId: row.study_id,
    version: row.version,
    name: row.name,
    contentHash: row.content_hash,
    images: members.all(row.id).map(({ image_id }) => image_id),
  });

  return {
    get(id: ReferenceSetId): FrozenSet {
      const row = one.get(id);
      if (!row) throw new Failure('not-found', `There is no reference set ${id}.`);
      return toSet(row);
    },
    /** Newest version first. */
    ofStudy: (study: StudyId): ReferenceSet[] => listed.all(study).map(toListed),
    findByName(study: StudyId, name: string): FrozenSet | undefined {
      const row = byName.get(study, name);
      return row && toSet(row);
    },
    /** The version that holds exactly these images, made now if there is none yet. */
    freeze(study: StudyId, images: readonly StoredImage[]): FrozenSet {
      const hash = contentHash(images);
      const existing = byHash.get(study, hash);
      if (existing) return toSet(existing);
      const version = nextVersion.get(study)?.version ?? 1;
      const id = Number(
        insert.run(study, version, hash, new Date().toISOString()).lastInsertRowid,
      ) as ReferenceSetId;
      images.forEach((image, position) => insertMember.run(id, position, image.id));
      return {
        id,
        studyId: study,
        version,
        name: null,
        contentHash: hash,
        images: images.map((image) => image.id),
      };
    },
    setName: (id: ReferenceSetId, name: string): void => void setName.run(name, id),
    remove: (id: ReferenceSetId): void => void remove.run(id),
  };
}
