import type { Reader } from '#shared/annotation.ts';
import type { ImageId, Role, RunId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Phase, Reading, ReadingId, Verdict } from '#shared/reading.ts';
import type { Connection } from '../database.ts';

interface ReadingRow {
  id: ReadingId;
  image_id: ImageId;
  reader: Reader;
  phase: Phase;
  verdict: Verdict | null;
  at: string;
  seconds: number;
  run_id: RunId | null;
  revision: number | null;
  role_before: Role | null;
  withdrawn_at: string | null;
}

export interface NewReading extends Omit<Reading, 'id' | 'at'> {
  /** What the image's role was, where the verdict changed it. */
  readonly roleBefore: Role | null;
}

const toReading = (row: ReadingRow): Reading => ({
  id: row.id,
  imageId: row.image_id,
  reader: row.reader,
  phase: row.phase,
  verdict: row.verdict,
  at: row.at,
  seconds: row.seconds,
  runId: row.run_id,
  revision: row.revision,
});

export function readingRepository(db: Connection) {
  const ofStudy = db.prepare<[StudyId], ReadingRow>(`
    SELECT reading.* FROM reading JOIN image ON image.id = image_id
    WHERE study_id = ? AND withdrawn_at IS NULL ORDER BY reading.id`);
  const one = db.prepare<[ReadingId], ReadingRow>('SELECT * FROM reading WHERE id = ?');
  const insert = db.prepare(`
    INSERT INTO reading (image_id, reader, phase, verdict, at, seconds, run_id, revision, role_before)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const withdraw = db.prepare('UPDATE reading SET withdrawn_at = ? WHERE id = ?');

  const row = (id: ReadingId): ReadingRow => {
    const found = one.get(id);
    if (!found || found.withdrawn_at !== null)
      throw new Failure('not-found', `There is no verdict ${id} to take back.`);
    return found;
  };

  return {
    ofStudy: (study: StudyId): Reading[] => ofStudy.all(study).map(toReading),
    /** @throws Failure('not-found') also when it was withdrawn. */
    get(id: ReadingId): Reading & { readonly roleBefore: Role | null } {
      const found = row(id);
      return { ...toReading(found), roleBefore: found.role_before };
    },
    add(reading: NewReading): Reading {
      const { imageId, reader, phase, verdict, seconds, runId, revision, roleBefore } = reading;
      const at = new Date().toISOString();
      const { lastInsertRowid } = insert.run(
        imageId,
        reader,
        phase,
        verdict,
        at,
        seconds,
        runId,
        revision,
        roleBefore,
      );
      return toReading(row(Number(lastInsertRowid) as ReadingId));
    },
    withdraw: (id: ReadingId): void => void withdraw.run(new Date().toISOString(), id),
  };
}
