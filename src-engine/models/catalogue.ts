import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { TextModelDescription } from '#shared/text-model.ts';
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
export interface FoundModel<Entry = ModelEntry> {
  readonly entry: Entry;
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
    return forImages(await readDescription(join(folders.imported, name)));
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

/** The text encoder of this name. @throws Failure as `findModel` does */
export async function findTextModel(
  folders: ModelFolders,
  name: string,
): Promise<FoundModel<TextModelDescription>> {
  if (folders.imported === null || !(await importedNames(folders.imported)).includes(name)) {
    throw new Failure('not-found', `There is no text encoder "${name}".`);
  }
  const found = await readDescription(join(folders.imported, name));
  if (isText(found)) return found;
  throw new Failure('not-found', `${name} is a model for images, not a text encoder.`);
}

/** Files and hashes of any model, for images or for text. @throws Failure as `findModel` does */
export async function findAnyModel(
  folders: ModelFolders,
  name: string,
): Promise<FoundModel | FoundModel<TextModelDescription>> {
  const isImported = folders.imported !== null && (await importedNames(folders.imported)).includes(name);
  return isImported ? readDescription(join(folders.imported!, name)) : findModel(folders, name);
}

type AnyDescription = FoundModel<ModelEntry | TextModelDescription>;

export const isText = (found: AnyDescription): found is FoundModel<TextModelDescription> =>
  'kind' in found.entry && found.entry.kind === 'text';

function forImages(found: AnyDescription): FoundModel {
  if (!isText(found)) return found as FoundModel;
  throw new Failure('not-found', `${found.entry.name} is a text encoder, not a model for images.`);
}

/** The model in a folder of its own. @throws Failure `unreadable` */
export async function readDescription(
  folder: string,
): Promise<FoundModel | FoundModel<TextModelDescription>> {
  const path = join(folder, DESCRIPTION);
  try {
    const entry = z
      .union([TextModelDescription, ModelDescription])
      .parse(JSON.parse(await readFile(path, 'utf8')));
    const files = entry.files.map(({ name, sha256 }) => ({ path: join(folder, name), sha256 }));
    const place = { path: join(folder, entry.file), files };
    return 'kind' in entry ? { entry, ...place } : { entry, ...place };
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
