import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Model } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';

const Catalogue = z.array(Model.omit({ bytes: true, builtIn: true }).extend({ file: z.string() }));

export interface ModelCatalogue {
  list(): readonly Model[];
  /** @throws Failure('not-found') */
  get(name: string): Model;
}

/**
 * The models that come with Nidus: `catalogue.json` and the ONNX files beside it, checked against their hashes.
 * @throws Failure('unreadable') when a model file is missing or is not the one the catalogue describes.
 */
export function builtInModels(folder: string): ModelCatalogue {
  const entries = Catalogue.parse(JSON.parse(readFileSync(join(folder, 'catalogue.json'), 'utf8')));
  const models = entries.map(({ file, ...entry }): Model => {
    const path = join(folder, file);
    const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
    if (sha256 !== entry.sha256)
      throw new Failure('unreadable', `${path}: the model file is damaged. Install Nidus again.`);
    return { ...entry, bytes: statSync(path).size, builtIn: true };
  });
  return {
    list: () => models,
    get(name) {
      const model = models.find((candidate) => candidate.name === name);
      if (!model)
        throw new Failure(
          'not-found',
          `There is no model "${name}". Known: ${models.map((known) => known.name).join(', ')}.`,
        );
      return model;
    },
  };
}
