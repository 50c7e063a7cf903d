import type { PatchMask, ScoreMap } from '#shared/arrays.ts';
import type { GroundTruth, ImageId, Label, RunId } from '#shared/domain.ts';
import type { ScoredImage } from '#shared/engine-protocol.ts';
import type { Failure, FailureKind } from '#shared/errors.ts';
import type { Match, RunResult, StageTimes } from '#shared/results.ts';
import type { Connection } from '../database.ts';

interface ResultRow {
  image_id: ImageId;
  name: string;
  label: Label;
  ground_truth: GroundTruth;
  state: 'pending' | 'scored' | 'failed';
  image_score: number | null;
  support: string | null;
  error_kind: FailureKind | null;
  error: string | null;
}

interface MapRow {
  grid_rows: number;
  grid_columns: number;
  scores: Buffer;
  foreground: Buffer;
  image_score: number;
  support: string;
}

/** The stored maps of one image of a run. */
export interface StoredScore {
  readonly scores: ScoreMap;
  readonly foreground: PatchMask;
  readonly imageScore: number;
  readonly support: readonly Match[];
}

const toResult = (row: ResultRow): RunResult => ({
  imageId: row.image_id,
  name: row.name,
  label: row.label,
  groundTruth: row.ground_truth,
  outcome:
    row.state === 'scored'
      ? {
          state: 'scored',
          imageScore: row.image_score ?? 0,
          support: JSON.parse(row.support ?? '[]') as Match[],
        }
      : row.state === 'failed'
        ? { state: 'failed', error: { kind: row.error_kind ?? 'bug', message: row.error ?? '' } }
        : { state: 'pending' },
});

const toScore = (row: MapRow): StoredScore => {
  const grid = { rows: row.grid_rows, columns: row.grid_columns };
  return {
    // A Buffer of the driver may sit at any offset; floats need a multiple of four.
    scores: { ...grid, data: new Float32Array(Uint8Array.from(row.scores).buffer) },
    foreground: { ...grid, data: Uint8Array.from(row.foreground) },
    imageScore: row.image_score,
    support: JSON.parse(row.support) as Match[],
  };
};

const bytes = (array: Float32Array | Uint8Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);

export function resultRepository(db: Connection) {
  const insert = db.prepare('INSERT INTO result (run_id, position, image_id) VALUES (?, ?, ?)');
  const nextPosition = db.prepare<[RunId], { position: number }>(
    'SELECT COALESCE(MAX(position) + 1, 0) AS position FROM result WHERE run_id = ?',
  );
  const missing = db.prepare<[RunId], { id: ImageId }>(
    `SELECT image.id FROM image JOIN run ON run.study_id = image.study_id
     WHERE run.id = ? AND image.role = 'query'
       AND NOT EXISTS (SELECT 1 FROM result WHERE result.run_id = run.id AND result.image_id = image.id)
     ORDER BY image.position`,
  );
  const pending = db.prepare<[RunId, number], { image_id: ImageId }>(
    `SELECT image_id FROM result WHERE run_id = ? AND state = 'pending' ORDER BY position LIMIT ?`,
  );
  // Only a pending row is ever written: a result cannot be computed into twice.
  const score = db.prepare(`
    UPDATE result SET state = 'scored', grid_rows = ?, grid_columns = ?, scores = ?, foreground = ?, image_score = ?,
      support = ?, cluster_sizes = ?, milliseconds = ?
    WHERE run_id = ? AND image_id = ? AND state = 'pending'`);
  const fail = db.prepare(
    `UPDATE result SET state = 'failed', error_kind = ?, error = ? WHERE run_id = ? AND image_id = ? AND state = 'pending'`,
  );
  const retryFailed = db.prepare(
    `UPDATE result SET state = 'pending', error_kind = NULL, error = NULL WHERE run_id = ? AND state = 'failed'`,
  );
  const ofRun = db.prepare<[RunId], ResultRow>(`
    SELECT result.image_id, image.name, image.label, image.ground_truth, result.state, result.image_score, result.support,
      result.error_kind, result.error
    FROM result JOIN image ON image.id = result.image_id WHERE result.run_id = ? ORDER BY result.position`);
  const map = db.prepare<[RunId, ImageId], MapRow>(
    `SELECT grid_rows, grid_columns, scores, foreground, image_score, support FROM result
     WHERE run_id = ? AND image_id = ? AND state = 'scored'`,
  );
  const times = db.prepare<[RunId], { milliseconds: string }>(
    `SELECT milliseconds FROM result WHERE run_id = ? AND milliseconds IS NOT NULL ORDER BY position DESC LIMIT 32`,
  );

  return {
    expect(run: RunId, images: readonly ImageId[]): void {
      const first = nextPosition.get(run)?.position ?? 0;
      images.forEach((image, index) => insert.run(run, first + index, image));
    },
    /** Query images of the run's study that the run knows nothing of. */
    missing: (run: RunId): ImageId[] => missing.all(run).map(({ id }) => id),
    pending: (run: RunId, limit: number): ImageId[] =>
      pending.all(run, limit).map(({ image_id }) => image_id),
    store(run: RunId, image: ImageId, scored: ScoredImage): void {
      score.run(
        scored.scores.rows,
        scored.scores.columns,
        bytes(scored.scores.data),
        bytes(scored.foreground.data),
        scored.imageScore,
        JSON.stringify(scored.support),
        JSON.stringify(scored.clusterSizes),
        JSON.stringify(scored.milliseconds),
        run,
        image,
      );
    },
    fail: (run: RunId, image: ImageId, failure: Failure): void =>
      void fail.run(failure.kind, failure.message, run, image),
    retryFailed: (run: RunId): void => void retryFailed.run(run),
    ofRun: (run: RunId): RunResult[] => ofRun.all(run).map(toResult),
    score(run: RunId, image: ImageId): StoredScore | undefined {
      const row = map.get(run, image);
      return row && toScore(row);
    },
    /** Of the last images scored. */
    times: (run: RunId): StageTimes[] =>
      times.all(run).map(({ milliseconds }) => JSON.parse(milliseconds) as StageTimes),
  };
}
