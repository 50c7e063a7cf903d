import { stat } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import type { Role } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import { dataSets, layoutOf, rootsOf, strangersAmong } from './data-sets.ts';
import { type FolderMapping, planFile, planFolder, planMapped } from './folder.ts';
import { isManifestName, planManifest } from './manifest.ts';
import { compareNames, nameBelow, uniqueName } from './names.ts';
import type { PictureLayout, PlannedImage, PlannedImport } from './planned.ts';
import { FolderReader } from './reader.ts';

export type { Layout, PictureLayout, PlannedImage, PlannedImport } from './planned.ts';

export interface PlanOptions {
  readonly layout: PictureLayout | 'auto';
  /** Role of images whose layout does not say it; 'query' by default. */
  readonly role?: Exclude<Role, 'excluded'>;
  /** Of a plain folder: what the folders in it hold. */
  readonly mapping?: FolderMapping;
}

/**
 * What an import of these files and folders would bring: names, roles, labels and masks, told from file names alone.
 * With 'auto' the layout is that of the folders; anything that is no known data set is a plain folder.
 *
 * @throws Failure 'not-found' for a path that does not exist, 'invalid' where there is no image or the folder does
 * not have the layout asked for.
 */
export async function planImport(
  paths: readonly string[],
  { layout, role = 'query', mapping = {} }: PlanOptions,
): Promise<PlannedImport> {
  const reader = new FolderReader();
  const chosen = await Promise.all([...new Set(paths.map((path) => resolve(path)))].map(inspect));
  const used = layout === 'auto' ? await commonLayout(chosen) : layout;
  const root = commonRoot(chosen);

  const found: PlannedImage[] = [];
  for (const [choice, shown] of shownNames(chosen, root)) {
    for (const image of await planPath(reader, choice, used, { role, mapping })) {
      const ownName = choice.isFolder || used === 'manifest';
      const name = !ownName ? shown : chosen.length > 1 ? `${shown}/${image.name}` : image.name;
      found.push({ ...image, name });
    }
  }
  const items = withUniqueNames(found);
  if (items.length === 0) {
    throw new Failure(
      'invalid',
      ['No images were found in', `${paths.join(', ')}.`, ...reader.warnings].join(' '),
    );
  }
  warnOfMissingMasks(reader, items);
  const { ignored, warnings } = reader;
  return {
    layout: used,
    root,
    items,
    found: used === 'folder' ? await foundIn(chosen) : [],
    ignored,
    warnings,
  };
}

/** The layout of a folder: one of the known data sets or a plain folder; a file is a plain folder of one. */
export async function detectLayout(path: string): Promise<PictureLayout> {
  const { isFolder } = await inspect(path);
  return isFolder ? layoutOf(new FolderReader(), resolve(path)) : fileLayout(path);
}

interface ChosenPath {
  readonly path: string;
  readonly isFolder: boolean;
}

async function inspect(path: string): Promise<ChosenPath> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code})`;
    throw new Failure('not-found', `${path} ${reason}.`, { cause: error });
  });
  return { path, isFolder: found.isDirectory() };
}

const fileLayout = (path: string): PictureLayout => (isManifestName(path) ? 'manifest' : 'folder');

/** Looks with a reader of its own: what it meets on the way to a layout says nothing of the import. */
async function commonLayout(chosen: readonly ChosenPath[]): Promise<PictureLayout> {
  const reader = new FolderReader();
  const layouts = new Set<PictureLayout>();
  for (const { path, isFolder } of chosen)
    layouts.add(isFolder ? await layoutOf(reader, path) : fileLayout(path));
  const [only] = layouts;
  return layouts.size === 1 && only !== undefined ? only : 'folder';
}

/** Looks once more instead of carrying along what every other layout has no use for. */
async function foundIn(chosen: readonly ChosenPath[]): Promise<string[]> {
  const [only] = chosen;
  return only?.isFolder && chosen.length === 1 ? new FolderReader().walk(only.path) : [];
}

/** The folder chosen, or the innermost one that holds all that was chosen. */
function commonRoot(chosen: readonly ChosenPath[]): string {
  const [first] = chosen;
  if (first !== undefined && chosen.length === 1) return first.isFolder ? first.path : dirname(first.path);
  const parents = chosen.map(({ path }) => dirname(path).split(sep));
  const shared = (parents[0] ?? []).filter((_, i, all) =>
    parents.every((parts) => parts.slice(0, i + 1).join(sep) === all.slice(0, i + 1).join(sep)),
  );
  return shared.length === 1 ? `${shared[0]}${sep}` : shared.join(sep);
}

/** Base names of what was chosen, or paths below the root where several have the same base name. */
function shownNames(chosen: readonly ChosenPath[], root: string): Map<ChosenPath, string> {
  const uses = new Map<string, number>();
  for (const { path } of chosen) uses.set(basename(path), (uses.get(basename(path)) ?? 0) + 1);
  return new Map(
    chosen.map((choice) => {
      const collides = uses.get(basename(choice.path)) !== 1;
      return [choice, collides ? nameBelow(root, choice.path) : basename(choice.path).normalize('NFC')];
    }),
  );
}

async function planPath(
  reader: FolderReader,
  { path, isFolder }: ChosenPath,
  layout: PictureLayout,
  { role, mapping }: Required<Pick<PlanOptions, 'role' | 'mapping'>>,
): Promise<PlannedImage[]> {
  if (layout === 'manifest') {
    if (isFolder) throw new Failure('invalid', `${path} is a folder. Choose the CSV file itself.`);
    return planManifest(path, role);
  }
  if (!isFolder) return [planFile(path, role)];
  if (layout === 'folder') {
    return Object.keys(mapping).length === 0
      ? planFolder(reader, path, role)
      : planMapped(reader, path, mapping, role);
  }
  const { title, shape, is, plan } = dataSets[layout];
  const roots = await rootsOf(reader, path, is);
  if (roots.length === 0) {
    throw new Failure('invalid', `${path} is not laid out like ${title}: it has no folders ${shape}.`);
  }
  const strangers = roots.includes(path) ? [] : await strangersAmong(reader, path, roots);
  if (strangers.length > 0)
    reader.warn(`Left out, because not laid out like ${title}: ${strangers.join(', ')}.`);
  const items: PlannedImage[] = [];
  for (const root of roots) {
    const prefix = root === path ? '' : `${nameBelow(path, root)}/`;
    for (const item of await plan(reader, root)) items.push({ ...item, name: prefix + item.name });
  }
  return items;
}

/** Each file once, in natural order, with names that differ. */
function withUniqueNames(images: readonly PlannedImage[]): PlannedImage[] {
  const sorted = [...images].sort((a, b) => compareNames(a.name, b.name) || compareNames(a.path, b.path));
  const paths = new Set<string>();
  const names = new Set<string>();
  const unique: PlannedImage[] = [];
  for (const image of sorted) {
    if (paths.has(image.path)) continue;
    paths.add(image.path);
    unique.push({ ...image, name: uniqueName(image.name, names) });
  }
  return unique;
}

function warnOfMissingMasks(reader: FolderReader, items: readonly PlannedImage[]): void {
  const missing = items.filter(({ label, mask }) => label === 'abnormal' && mask === 'unknown');
  const [example] = missing;
  if (example === undefined) return;
  const images = missing.length === 1 ? '1 abnormal image has' : `${missing.length} abnormal images have`;
  reader.warn(`${images} no mask, for example ${example.name}.`);
}
