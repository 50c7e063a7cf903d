import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Model, type StoredModel } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';

const Catalogue = z.array(
  Model.pick({
    name: true,
    title: true,
    family: true,
    description: true,
    patch: true,
    dimension: true,
    embeddingDimension: true,
    licence: true,
    minimumSize: true,
    sha256: true,
  }).extend({ file: z.string() }),
);

/** Every model there is: those that come with Nidus first, then those imported into the workspace. */
export interface ModelCatalogue {
  list(): readonly Model[];
  /** Undefined for a model that was removed: runs outlive their models. */
  find(name: string): Model | undefined;
  /** @throws Failure('not-found') */
  get(name: string): Model;
}

/**
 * The models that come with Nidus: `catalogue.json` and the ONNX files beside it, checked against their hashes.
 * @throws Failure('unreadable') when a model file is missing or is not the one the catalogue describes.
 */
export function builtInModels(folder: string): readonly StoredModel[] {
  const entries = Catalogue.parse(JSON.parse(readFileSync(join(folder, 'catalogue.json'), 'utf8')));
  return entries.map(({ file, ...entry }): StoredModel => {
    const path = join(folder, file);
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    if (sha256 !== entry.sha256)
      throw new Failure('unreadable', `${path}: the model file is damaged. Install Nidus again.`);
    return {
      ...entry,
      kind: 'image',
      layers: 0,
      registers: 0,
      precision: 'fp32',
      licenceNotice: null,
      bytes: statSync(path).size,
      builtIn: true,
      imported: null,
    };
  });
}

/**
 * @param imported the workspace's models, asked again each time
 * @param onDevices what is known of a model on this machine's devices
 */
export function modelCatalogue(
  builtIn: readonly StoredModel[],
  imported: () => readonly StoredModel[],
  onDevices: (model: StoredModel) => Pick<Model, 'device' | 'trials'>,
): ModelCatalogue {
  const list = () => [...builtIn, ...imported()].map((model): Model => ({ ...model, ...onDevices(model) }));
  const find = (name: string) => list().find((candidate) => candidate.name === name);
  return {
    list,
    find,
    get(name) {
      const model = find(name);
      if (model) return model;
      const known = list().map((one) => one.name);
      throw new Failure('not-found', `There is no model "${name}". Known: ${known.join(', ')}.`);
    },
  };
}
