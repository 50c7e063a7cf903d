import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from '#shared/errors.ts';

const Triple = z.tuple([z.number(), z.number(), z.number()]);

/** What the engine needs to know of a model; `models/catalogue.json` says more, for people. */
const ModelEntry = z.object({
  name: z.string(),
  /** ONNX file, relative to the folder of the catalogue. */
  file: z.string(),
  sha256: z.string(),
  /** Pixels a patch, both ways. */
  patch: z.int().positive(),
  /** Smallest edge of an input image in pixels. */
  minimumSize: z.int().positive(),
  /** Null for models that take images in 0 .. 1 as they are. */
  normalisation: z.object({ mean: Triple, standardDeviation: Triple }).nullable(),
});
export type ModelEntry = z.infer<typeof ModelEntry>;

/** @throws Failure `unreadable` when the catalogue is missing or is not one. */
export async function readCatalogue(folder: string): Promise<readonly ModelEntry[]> {
  const path = join(folder, 'catalogue.json');
  try {
    return z.array(ModelEntry).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new Failure('unreadable', `${path}: the catalogue of models cannot be read. Install Nidus again.`, {
      cause: error,
    });
  }
}
