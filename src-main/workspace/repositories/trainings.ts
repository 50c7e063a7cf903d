import { z } from 'zod';
import { AdapterDescription, type LossPoint } from '#shared/adapter.ts';
import { ImageId, type JobId } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Connection } from '../database.ts';

/** What a training job does. */
export const StoredTraining = z.object({
  name: z.string(),
  description: AdapterDescription.omit({ losses: true }),
  images: z.array(z.object({ id: ImageId, class: z.int() })),
});
export type StoredTraining = z.infer<typeof StoredTraining>;

interface PointRow {
  focal: number;
  dice: number;
  calibration_focal: number;
  calibration_dice: number;
  total: number;
}

export function trainingRepository(db: Connection) {
  const insert = db.prepare('INSERT INTO training VALUES (?, ?, ?)');
  const one = db.prepare<[JobId], { request: string; batches: number }>(
    'SELECT request, batches FROM training WHERE job_id = ?',
  );
  const latest = db.prepare<[], { job_id: JobId }>(
    'SELECT job_id FROM training ORDER BY job_id DESC LIMIT 20',
  );
  const points = db.prepare<[JobId], PointRow>(
    'SELECT * FROM training_batch WHERE job_id = ? ORDER BY position',
  );
  const put = db.prepare('INSERT OR REPLACE INTO training_batch VALUES (?, ?, ?, ?, ?, ?, ?)');

  return {
    create: (job: JobId, training: StoredTraining, batches: number): void =>
      void insert.run(job, JSON.stringify(training), batches),
    get(job: JobId): StoredTraining & { batches: number } {
      const row = one.get(job);
      if (!row) throw new Failure('not-found', `Job ${job} trains no adapter.`);
      return { ...StoredTraining.parse(JSON.parse(row.request)), batches: row.batches };
    },
    latest: (): JobId[] => latest.all().map(({ job_id }) => job_id),
    losses: (job: JobId): LossPoint[] =>
      points.all(job).map((row) => ({
        focal: row.focal,
        dice: row.dice,
        calibrationFocal: row.calibration_focal,
        calibrationDice: row.calibration_dice,
        total: row.total,
      })),
    /** Losses of the batches from `from` on. */
    addLosses(job: JobId, losses: readonly LossPoint[], from: number): void {
      for (const [position, point] of losses.entries()) {
        if (position < from) continue;
        const { focal, dice, calibrationFocal, calibrationDice, total } = point;
        put.run(job, position, focal, dice, calibrationFocal, calibrationDice, total);
      }
    },
  };
}
