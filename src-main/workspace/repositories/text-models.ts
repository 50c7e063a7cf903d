import { TextModelDescription, type TextModel } from '#shared/text-model.ts';
import type { Connection } from '../database.ts';
import type { Licence } from '#shared/model-import.ts';

interface TextModelRow {
  name: string;
  description: string;
  licence: string;
  licence_notice: string;
  imported_at: string;
}

const toTextModel = (row: TextModelRow): TextModel => {
  const description = TextModelDescription.parse(JSON.parse(row.description));
  const { kind, name, family, dimension, contextLength, layers, sha256, deviation, milliseconds } =
    description;
  return {
    kind,
    name,
    family,
    dimension,
    contextLength,
    layers,
    licence: row.licence,
    licenceNotice: row.licence_notice,
    sha256,
    bytes: description.files.reduce((sum, { bytes }) => sum + bytes, 0),
    imported: { at: row.imported_at, deviation, milliseconds },
  };
};

/** Text encoders that were imported into this workspace. */
export function textModelRepository(db: Connection) {
  const all = db.prepare<[], TextModelRow>('SELECT * FROM text_model ORDER BY name');
  const one = db.prepare<[string], TextModelRow>('SELECT * FROM text_model WHERE name = ?');
  const insert = db.prepare('INSERT INTO text_model VALUES (?, ?, ?, ?, ?)');
  const remove = db.prepare<[string]>('DELETE FROM text_model WHERE name = ?');

  return {
    list: (): TextModel[] => all.all().map(toTextModel),
    find(name: string): TextModel | undefined {
      const row = one.get(name);
      return row && toTextModel(row);
    },
    create: (model: TextModelDescription, licence: Licence): void =>
      void insert.run(
        model.name,
        JSON.stringify(model),
        licence.name,
        licence.notice,
        new Date().toISOString(),
      ),
    remove: (name: string): void => void remove.run(name),
  };
}
