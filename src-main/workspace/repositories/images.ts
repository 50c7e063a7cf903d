import type { Acquisition, GreyCurve } from '#shared/acquisition.ts';
import type {
  GroundTruth,
  ImageId,
  Label,
  PixelsInfo,
  PixelStatistics,
  PixelType,
  Role,
  Spacing,
  Split,
  StudyId,
  StudyImage,
} from '#shared/domain.ts';
import type { Truth } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { Connection } from '../database.ts';

interface ImageRow {
  id: ImageId;
  study_id: StudyId;
  name: string;
  role: Role;
  label: Label;
  split: Split | null;
  defect: string | null;
  pixels_sha256: string;
  pixel_type: PixelType;
  width: number;
  height: number;
  channels: 1 | 3;
  bits: number;
  minimum: number;
  maximum: number;
  mean: number;
  spacing_row: number | null;
  spacing_column: number | null;
  ground_truth: GroundTruth;
  mask_sha256: string | null;
  overlay_sha256: string | null;
  patient: string | null;
  window_low: number | null;
  window_high: number | null;
  window_curve: string | null;
  acquisition: string | null;
}

export interface NewImage {
  readonly studyId: StudyId;
  readonly name: string;
  readonly role: Role;
  readonly label: Label;
  readonly split: Split | null;
  readonly defect: string | null;
  readonly pixels: PixelsInfo;
  readonly statistics: PixelStatistics;
  readonly spacing: Spacing | null;
  readonly truth: Truth;
  readonly patient?: string | null;
  readonly acquisition?: Acquisition | null;
  readonly overlaySha256?: string | null;
  /** Place among the images of the study. */
  readonly position: number;
}

/** An image with what only main needs to know: where its mask and its overlay are. */
export interface StoredImage extends StudyImage {
  readonly truth: Truth;
  readonly overlaySha256: string | null;
}

const toTruth = (row: ImageRow): Truth =>
  row.mask_sha256 === null
    ? { kind: row.ground_truth === 'empty' ? 'empty' : 'unknown' }
    : { kind: 'drawn', sha256: row.mask_sha256 };

const windowOf = ({ window_low: low, window_high: high, window_curve: curve }: ImageRow) =>
  low === null || high === null
    ? {}
    : { window: { low, high, ...(curve !== null && { curve: JSON.parse(curve) as GreyCurve }) } };

const toImage = (row: ImageRow): StoredImage => ({
  id: row.id,
  studyId: row.study_id,
  name: row.name,
  role: row.role,
  label: row.label,
  split: row.split,
  defect: row.defect,
  pixels: {
    sha256: row.pixels_sha256,
    type: row.pixel_type,
    width: row.width,
    height: row.height,
    channels: row.channels,
    bits: row.bits,
    ...windowOf(row),
  },
  statistics: { min: row.minimum, max: row.maximum, mean: row.mean },
  spacing:
    row.spacing_row !== null && row.spacing_column !== null
      ? { row: row.spacing_row, column: row.spacing_column }
      : null,
  groundTruth: row.ground_truth,
  hasOverlay: row.overlay_sha256 !== null,
  overlaySha256: row.overlay_sha256,
  patient: row.patient,
  acquisition: row.acquisition === null ? null : (JSON.parse(row.acquisition) as Acquisition),
  truth: toTruth(row),
});

export function imageRepository(db: Connection) {
  const ofStudy = db.prepare<[StudyId], ImageRow>('SELECT * FROM image WHERE study_id = ? ORDER BY position');
  const ofRole = db.prepare<[StudyId, Role], ImageRow>(
    'SELECT * FROM image WHERE study_id = ? AND role = ? ORDER BY position',
  );
  const page = db.prepare<[StudyId, number, number], ImageRow & { position: number }>(
    'SELECT * FROM image WHERE study_id = ? AND position > ? ORDER BY position LIMIT ?',
  );
  const one = db.prepare<[ImageId], ImageRow>('SELECT * FROM image WHERE id = ?');
  const byName = db.prepare<[StudyId, string], ImageRow>(
    'SELECT * FROM image WHERE study_id = ? AND name = ?',
  );
  const byPixels = db.prepare<[StudyId, string, Role, number], { id: ImageId }>(
    'SELECT id FROM image WHERE study_id = ? AND pixels_sha256 = ? AND role = ? AND position < ? LIMIT 1',
  );
  const insert = db.prepare(`
    INSERT INTO image (study_id, name, role, label, split, defect, pixels_sha256, pixel_type, width, height, channels,
      bits, minimum, maximum, mean, spacing_row, spacing_column, ground_truth, mask_sha256, patient,
      window_low, window_high, window_curve, acquisition, overlay_sha256, position)
    VALUES (@study_id, @name, @role, @label, @split, @defect, @pixels_sha256, @pixel_type, @width, @height, @channels,
      @bits, @minimum, @maximum, @mean, @spacing_row, @spacing_column, @ground_truth, @mask_sha256,
      @patient, @window_low, @window_high, @window_curve, @acquisition, @overlay_sha256, @position)`);
  const setRole = db.prepare('UPDATE image SET role = ? WHERE id = ?');
  const setTruth = db.prepare('UPDATE image SET ground_truth = ?, mask_sha256 = ?, label = ? WHERE id = ?');
  const setLabel = db.prepare('UPDATE image SET label = ? WHERE id = ?');
  const remove = db.prepare('DELETE FROM image WHERE id = ?');
  const usedBy = db.prepare<[ImageId, ImageId], { runs: number }>(
    `SELECT (SELECT COUNT(*) FROM result WHERE image_id = ?) + (SELECT COUNT(*) FROM reference_set_image WHERE image_id = ?) AS runs`,
  );

  const get = (id: ImageId): StoredImage => {
    const row = one.get(id);
    if (!row) throw new Failure('not-found', `There is no image ${id}.`);
    return toImage(row);
  };

  return {
    ofStudy: (id: StudyId): StoredImage[] => ofStudy.all(id).map(toImage),
    /** Images after a place, and the place of the last; null where none follow. */
    page(id: StudyId, after: number | null, limit: number): { images: StoredImage[]; next: number | null } {
      const rows = page.all(id, after ?? -1, limit);
      return {
        images: rows.map(toImage),
        next: rows.length < limit ? null : (rows.at(-1)?.position ?? null),
      };
    },
    ofRole: (id: StudyId, role: Role): StoredImage[] => ofRole.all(id, role).map(toImage),
    get,
    findByName(study: StudyId, name: string): StoredImage | undefined {
      const row = byName.get(study, name);
      return row && toImage(row);
    },
    /** Whether the study has these pixels in this role at a position before this one. */
    holdsPixels: (study: StudyId, sha256: string, role: Role, before: number): boolean =>
      byPixels.get(study, sha256, role, before) !== undefined,
    create(image: NewImage): ImageId {
      const { pixels, statistics } = image;
      const { lastInsertRowid } = insert.run({
        study_id: image.studyId,
        name: image.name,
        role: image.role,
        label: image.label,
        split: image.split,
        defect: image.defect,
        pixels_sha256: pixels.sha256,
        pixel_type: pixels.type,
        width: pixels.width,
        height: pixels.height,
        channels: pixels.channels,
        bits: pixels.bits,
        minimum: statistics.min,
        maximum: statistics.max,
        mean: statistics.mean,
        spacing_row: image.spacing?.row ?? null,
        spacing_column: image.spacing?.column ?? null,
        ground_truth: image.truth.kind,
        mask_sha256: image.truth.kind === 'drawn' ? image.truth.sha256 : null,
        patient: image.patient ?? null,
        window_low: pixels.window?.low ?? null,
        window_high: pixels.window?.high ?? null,
        window_curve: pixels.window?.curve === undefined ? null : JSON.stringify(pixels.window.curve),
        acquisition: image.acquisition ? JSON.stringify(image.acquisition) : null,
        overlay_sha256: image.overlaySha256 ?? null,
        position: image.position,
      });
      return Number(lastInsertRowid) as ImageId;
    },
    setRole: (id: ImageId, role: Role): void => void setRole.run(role, id),
    /** Ground truth that came later than its image. */
    setTruth: (id: ImageId, truth: Truth, label: Label): void =>
      void setTruth.run(truth.kind, truth.kind === 'drawn' ? truth.sha256 : null, label, id),
    setLabel: (id: ImageId, label: Label): void => void setLabel.run(label, id),
    /** @throws Failure('invalid') when a run refers to the image: its results would lose their meaning. */
    remove(id: ImageId): void {
      if ((usedBy.get(id, id)?.runs ?? 0) > 0) {
        throw new Failure(
          'invalid',
          `${get(id).name} is part of a run and cannot be removed. Exclude it, or remove the run first.`,
        );
      }
      remove.run(id);
    },
  };
}
