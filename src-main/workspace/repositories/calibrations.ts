import type { Calibration } from '#shared/calibration.ts';
import type { StudyId } from '#shared/domain.ts';
import type { Connection } from '../database.ts';

/** Everything a calibration follows from. */
export interface CalibrationKey {
  readonly study: StudyId;
  readonly referenceHash: string;
  readonly modelSha256: string;
  readonly settings: string;
}

/** Quantiles of the normals' scores: they cost a run over the normals, and follow from the key alone. */
export function calibrationRepository(db: Connection) {
  const get = db.prepare<CalibrationKey, { quantiles: string }>(
    `SELECT quantiles FROM calibration WHERE study_id = :study AND reference_hash = :referenceHash
     AND model_sha256 = :modelSha256 AND settings = :settings`,
  );
  const put = db.prepare<CalibrationKey & { quantiles: string; now: string }>(
    `INSERT OR REPLACE INTO calibration (study_id, reference_hash, model_sha256, settings, quantiles, created_at)
     VALUES (:study, :referenceHash, :modelSha256, :settings, :quantiles, :now)`,
  );

  return {
    get(key: CalibrationKey): Calibration | undefined {
      const row = get.get(key);
      return row && (JSON.parse(row.quantiles) as Calibration);
    },
    put(key: CalibrationKey, calibration: Calibration): void {
      put.run({ ...key, quantiles: JSON.stringify(calibration), now: new Date().toISOString() });
    },
  };
}
