import type { ScoreMap } from '#shared/arrays.ts';
import type { ImageId, JobId, StudyId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { DoctorFindings, DoctorPoints, DoctorReport, DoctorSettings } from '#shared/references.ts';
import type { Connection } from '../database.ts';

export type DoctorPart = 'normal' | 'query' | 'spare';

export interface DoctorItem {
  readonly image: ImageId;
  readonly part: DoctorPart;
}

export interface LeftOut {
  readonly imageScore: number;
  readonly scores: ScoreMap;
}

interface PointRow {
  image_id: ImageId;
  nearest_similarity: number | null;
  pca_x: number | null;
  pca_y: number | null;
  umap_x: number | null;
  umap_y: number | null;
  score: number | null;
}

interface ReportRow {
  job_id: JobId;
  settings: string;
  findings: string;
  finished_at: string | null;
}

const toPoints = (rows: readonly PointRow[]): DoctorPoints => ({
  images: rows.map((row) => row.image_id),
  pca: rows.flatMap((row) => [row.pca_x ?? 0, row.pca_y ?? 0]),
  umap: rows.some((row) => row.umap_x === null)
    ? null
    : rows.flatMap((row) => [row.umap_x ?? 0, row.umap_y ?? 0]),
  similarity: rows.map((row) => row.nearest_similarity),
  score: rows.map((row) => row.score),
});

/** Examinations of normal images: one a job, a row an image. */
export function doctorRepository(db: Connection) {
  const insert = db.prepare('INSERT INTO doctor (job_id, study_id, settings) VALUES (?, ?, ?)');
  const insertItem = db.prepare(
    'INSERT INTO doctor_image (job_id, position, image_id, part) VALUES (?, ?, ?, ?)',
  );
  const one = db.prepare<[JobId], { study_id: StudyId; settings: string }>(
    'SELECT study_id, settings FROM doctor WHERE job_id = ?',
  );
  const items = db.prepare<[JobId], { image: ImageId; part: DoctorPart; state: string }>(
    `SELECT image_id AS image, part, state FROM doctor_image WHERE job_id = ? ORDER BY position`,
  );
  const settle = db.prepare(
    `UPDATE doctor_image SET state = ?, error = ?, score = ?, grid_rows = ?, grid_columns = ?, scores = ?
     WHERE job_id = ? AND image_id = ?`,
  );
  const nearest = db.prepare(
    'UPDATE doctor_image SET nearest_id = ?, nearest_similarity = ? WHERE job_id = ? AND image_id = ?',
  );
  const place = db.prepare(
    'UPDATE doctor_image SET pca_x = ?, pca_y = ?, umap_x = ?, umap_y = ? WHERE job_id = ? AND image_id = ?',
  );
  const retryFailed = db.prepare(
    `UPDATE doctor_image SET state = 'pending', error = NULL WHERE job_id = ? AND state = 'failed'`,
  );
  const conclude = db.prepare('UPDATE doctor SET findings = ? WHERE job_id = ?');
  const scores = db.prepare<[JobId], { image: ImageId; score: number }>(
    'SELECT image_id AS image, score FROM doctor_image WHERE job_id = ? AND score IS NOT NULL',
  );
  const latest = db.prepare<[StudyId], ReportRow>(`
    SELECT doctor.*, job.finished_at FROM doctor JOIN job ON job.id = doctor.job_id
    WHERE doctor.study_id = ? AND findings IS NOT NULL ORDER BY doctor.job_id DESC LIMIT 1`);
  const points = db.prepare<[JobId], PointRow>(
    `SELECT image_id, nearest_similarity, pca_x, pca_y, umap_x, umap_y, score FROM doctor_image
     WHERE job_id = ? AND state = 'examined' AND pca_x IS NOT NULL ORDER BY position`,
  );
  const map = db.prepare<[JobId, ImageId], { grid_rows: number; grid_columns: number; scores: Buffer }>(
    'SELECT grid_rows, grid_columns, scores FROM doctor_image WHERE job_id = ? AND image_id = ? AND scores IS NOT NULL',
  );
  const removeOlder = db.prepare(
    `DELETE FROM job WHERE kind = 'doctor' AND study_id = ? AND id < ? AND state NOT IN ('queued', 'running')`,
  );

  return {
    create(job: JobId, study: StudyId, settings: DoctorSettings, all: readonly DoctorItem[]): void {
      insert.run(job, study, JSON.stringify(settings));
      all.forEach(({ image, part }, position) => insertItem.run(job, position, image, part));
    },
    get(job: JobId): { studyId: StudyId; settings: DoctorSettings } {
      const row = one.get(job);
      if (!row) throw new Failure('not-found', `Job ${job} examines no reference images.`);
      return { studyId: row.study_id, settings: JSON.parse(row.settings) as DoctorSettings };
    },
    items: (job: JobId): (DoctorItem & { state: string })[] => items.all(job),
    /** `leftOut` null: the image was examined and has no score of its own. */
    settle(job: JobId, image: ImageId, leftOut: LeftOut | null): void {
      const data = leftOut?.scores.data;
      settle.run(
        'examined',
        null,
        leftOut?.imageScore ?? null,
        leftOut?.scores.rows ?? null,
        leftOut?.scores.columns ?? null,
        data ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : null,
        job,
        image,
      );
    },
    fail: (job: JobId, image: ImageId, reason: string): void =>
      void settle.run('failed', reason, null, null, null, null, job, image),
    retryFailed: (job: JobId): void => void retryFailed.run(job),
    setNearest: (job: JobId, image: ImageId, found: { image: ImageId; similarity: number } | null): void =>
      void nearest.run(found?.image ?? null, found?.similarity ?? null, job, image),
    setPlace: (
      job: JobId,
      image: ImageId,
      pca: readonly [number, number],
      umap: readonly [number, number] | null,
    ): void => void place.run(...pca, ...(umap ?? [null, null]), job, image),
    scores: (job: JobId): Map<ImageId, number> =>
      new Map(scores.all(job).map(({ image, score }) => [image, score])),
    /** What was found replaces what earlier jobs had found. */
    conclude(job: JobId, study: StudyId, findings: DoctorFindings): void {
      conclude.run(JSON.stringify(findings), job);
      removeOlder.run(study, job);
    },
    report(study: StudyId): DoctorReport | null {
      const row = latest.get(study);
      if (!row) return null;
      return {
        jobId: row.job_id,
        settings: JSON.parse(row.settings) as DoctorSettings,
        finishedAt: row.finished_at,
        findings: JSON.parse(row.findings) as DoctorFindings,
        points: toPoints(points.all(row.job_id)),
      };
    },
    /** Leave-one-out scores of a normal image, raw, 0 in its background. */
    map(job: JobId, image: ImageId): ScoreMap | undefined {
      const row = map.get(job, image);
      if (!row) return undefined;
      // A Buffer of the driver may sit at any offset; floats need a multiple of four.
      const data = new Float32Array(Uint8Array.from(row.scores).buffer);
      return { rows: row.grid_rows, columns: row.grid_columns, data };
    },
  };
}
