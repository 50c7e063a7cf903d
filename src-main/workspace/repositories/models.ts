import type { StoredModel } from '#shared/domain.ts';
import { type Interpolation, ModelDescription, type Precision } from '#shared/model-description.ts';
import type { Connection } from '../database.ts';

interface ModelRow {
  name: string;
  family: string;
  licence: string;
  licence_notice: string;
  licence_accepted_at: string;
  sha256: string;
  bytes: number;
  patch: number;
  minimum_size: number;
  dimension: number;
  embedding_dimension: number;
  layers: number;
  precision: Precision;
  normalisation: string | null;
  interpolation: Interpolation;
  milliseconds: number;
  imported_at: string;
  registers: number;
  origin: string;
  /** JSON */
  deviations: string;
}

export interface ModelOriginRecord {
  readonly licence: { readonly name: string; readonly notice: string; readonly accepted: string };
  readonly origin: string;
}

const toModel = (row: ModelRow): StoredModel => ({
  kind: 'image',
  name: row.name,
  title: row.name,
  family: row.family,
  description: `${row.layers} layers, ${row.precision}. Images are resized with ${row.interpolation} interpolation.`,
  patch: row.patch,
  dimension: row.dimension,
  embeddingDimension: row.embedding_dimension,
  layers: row.layers,
  registers: row.registers,
  minimumSize: row.minimum_size,
  precision: row.precision,
  licence: row.licence,
  licenceNotice: row.licence_notice,
  sha256: row.sha256,
  bytes: row.bytes,
  builtIn: false,
  imported: {
    at: row.imported_at,
    origin: row.origin,
    licenceAccepted: row.licence_accepted_at,
    deviations: Deviations.parse(JSON.parse(row.deviations)),
    milliseconds: row.milliseconds,
  },
});

const Deviations = ModelDescription.shape.deviations;

/** Models that were imported into this workspace. */
export function modelRepository(db: Connection) {
  const all = db.prepare<[], ModelRow>('SELECT * FROM model ORDER BY name');
  const insert = db.prepare<[ModelRow]>(`
    INSERT INTO model (name, family, licence, licence_notice, licence_accepted_at, sha256, bytes, patch, minimum_size,
      dimension, embedding_dimension, layers, precision, normalisation, interpolation, milliseconds, imported_at, registers,
      origin, deviations)
    VALUES (@name, @family, @licence, @licence_notice, @licence_accepted_at, @sha256, @bytes, @patch, @minimum_size,
      @dimension, @embedding_dimension, @layers, @precision, @normalisation, @interpolation, @milliseconds, @imported_at,
      @registers, @origin, @deviations)`);
  const remove = db.prepare<[string]>('DELETE FROM model WHERE name = ?');

  return {
    list: (): StoredModel[] => all.all().map(toModel),
    create(model: ModelDescription, { licence, origin }: ModelOriginRecord): void {
      insert.run({
        name: model.name,
        family: model.family,
        licence: licence.name,
        licence_notice: licence.notice,
        licence_accepted_at: licence.accepted,
        sha256: model.sha256,
        bytes: model.files.reduce((sum, { bytes }) => sum + bytes, 0),
        patch: model.patch,
        minimum_size: model.minimumSize,
        dimension: model.dimension,
        embedding_dimension: model.embeddingDimension,
        layers: model.layers,
        precision: model.precision,
        normalisation: JSON.stringify(model.normalisation),
        interpolation: model.interpolation,
        milliseconds: model.milliseconds,
        imported_at: new Date().toISOString(),
        registers: model.registers,
        origin,
        deviations: JSON.stringify(model.deviations),
      });
    },
    remove: (name: string): void => void remove.run(name),
  };
}
