import { createHash } from 'node:crypto';
import type { ImageId, ReferenceSetId, StudyId } from '#shared/domain.ts';
import type { Connection } from '../database.ts';
import type { StoredImage } from './images.ts';

export interface ReferenceSet {
  readonly id: ReferenceSetId;
  readonly version: number;
  readonly contentHash: string;
  readonly images: readonly ImageId[];
}

interface ReferenceSetRow {
  id: ReferenceSetId;
  version: number;
  content_hash: string;
}

/** The same images with the same pixels make the same set, in whatever order they were chosen. */
const contentHash = (images: readonly StoredImage[]): string => {
  const hash = createHash('sha256');
  for (const line of images.map(({ id, pixels }) => `${id} ${pixels.sha256}\n`).sort()) hash.update(line);
  return hash.digest('hex');
};

export function referenceSetRepository(db: Connection) {
  const byHash = db.prepare<[StudyId, string], ReferenceSetRow>(
    'SELECT id, version, content_hash FROM reference_set WHERE study_id = ? AND content_hash = ?',
  );
  const one = db.prepare<[ReferenceSetId], ReferenceSetRow>(
    'SELECT id, version, content_hash FROM reference_set WHERE id = ?',
  );
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

  const toSet = (row: ReferenceSetRow): ReferenceSet => ({
    id: row.id,
    version: row.version,
    contentHash: row.content_hash,
    images: members.all(row.id).map(({ image_id }) => image_id),
  });

  return {
    get(id: ReferenceSetId): ReferenceSet {
      const row = one.get(id);
      if (!row) throw new Error(`reference set ${id} is missing`);
      return toSet(row);
    },
    /** The version that holds exactly these images, made now if there is none yet. */
    freeze(study: StudyId, images: readonly StoredImage[]): ReferenceSet {
      const hash = contentHash(images);
      const existing = byHash.get(study, hash);
      if (existing) return toSet(existing);
      const version = nextVersion.get(study)?.version ?? 1;
      const id = Number(
        insert.run(study, version, hash, new Date().toISOString()).lastInsertRowid,
      ) as ReferenceSetId;
      images.forEach((image, position) => insertMember.run(id, position, image.id));
      return { id, version, contentHash: hash, images: images.map((image) => image.id) };
    },
  };
}
