import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ModelDescription, ModelEntry } from '#shared/model-description.ts';
import { Failure } from '#shared/errors.ts';

/** Where models lie: those that come with Nidus, and those of the workspace if there is one. */
export interface ModelFolders {
  /** Holds `catalogue.json`. */
  readonly builtIn: string;
  /** Holds one folder a model, each with its `description.json`. */
  readonly imported: string | null;
}

/** A model and where it lies. */
export interface FoundModel {
  readonly entry: ModelEntry;
  /** The ONNX file. */
  readonly path: string;
  /** Every file of the model with the hash it should have. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

/**
 * The model of this name, built in or imported.
 * @throws Failure `not-found` with the names there are, `unreadable` when the catalogue or the description is damaged.
 */
export async function findModel(folders: ModelFolders, name: string): Promise<FoundModel> {
  const builtIn = await readCatalogue(folders.builtIn);
  const entry = builtIn.find((candidate) => candidate.name === name);
  if (entry) {
    const path = join(folders.builtIn, entry.file);
    return { entry, path, files: [{ path, sha256: entry.sha256 }] };
  }
  const imported = await importedNames(folders.imported);
  if (folders.imported !== null && imported.includes(name))
    return readDescription(join(folders.imported, name));
  const known = [...builtIn.map((candidate) => candidate.name), ...imported].join(', ');
  throw new Failure('not-found', `There is no model "${name}". Known: ${known}.`);
}

async function readCatalogue(folder: string): Promise<readonly ModelEntry[]> {
  const path = join(folder, 'catalogue.json');
  try {
    return z.array(ModelEntry).parse(JSON.parse(await readFile(path, 'utf8')));
  } catch (error) {
    throw new Failure('unreadable', `${path}: the catalogue of models cannot be read. Install Nidus again.`, {
      cause: error,
    });
  }
}

/** Folders that begin with a dot are imports under way. */
async function importedNames(folder: string | null): Promise<readonly string[]> {
  if (folder === null) return [];
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

/** The model in a folder of its own. @throws Failure `unreadable` */
export async function readDescription(folder: string): Promise<FoundModel> {
  const path = join(folder, DESCRIPTION);
  try {
    const entry = ModelDescription.parse(JSON.parse(await readFile(path, 'utf8')));
    const files = entry.files.map(({ name, sha256 }) => ({ path: join(folder, name), sha256 }));
    return { entry, path: join(folder, entry.file), files };
  } catch (error) {
    throw new Failure(
      'unreadable',
      `${path}: the description of the model cannot be read. Import it again.`,
      {
        cause: error,
      },
    );
  }
}

export const DESCRIPTION = 'description.json';
