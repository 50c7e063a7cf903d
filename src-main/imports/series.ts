import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { type ImportRequest, SeriesChoice } from '#shared/contract/imports.ts';
import type { FoundSeries, InspectedSeries } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import { extensionOf, isImageName, nameBelow } from './layouts/names.ts';
import type { PlannedImage, PlannedImport } from './layouts/planned.ts';
import { FolderReader } from './layouts/reader.ts';

const medicalExtensions = new Set('dcm dicom ima nii gz hdr img nrrd nhdr mha mhd'.split(' '));

interface NamedFile {
  readonly path: string;
  readonly name: string;
}

/** Plans imports of DICOM series and NIfTI volumes: the engine reads the headers, the person chooses among what it found. */
export function seriesReader(engine: Engine, workspace: Workspace) {
  const { incoming } = workspace.folders;

  const inspect = async (files: readonly NamedFile[], choice: SeriesChoice): Promise<InspectedSeries> => {
    const { plane, volume, deidentify, keep } = choice;
    const secret = deidentify ? workspace.secrets.key('identity') : null;
    return engine.call('inspect-series', { files, plane, volume, identity: { secret, keep } }, 'interactive');
  };

  const read = async (
    request: ImportRequest,
    kinds: readonly FoundSeries['kind'][],
    files: readonly NamedFile[],
  ) => {
    const choice = SeriesChoice.parse(request.slices ?? {});
    const found = await inspect(files, choice);
    const series = found.series.filter(({ kind }) => kinds.includes(kind));
    return { found, series, plan: planOf(request, choice, found, series) };
  };

  return {
    /** @throws Failure('invalid') where there is none of the kind asked for. */
    async plan(request: ImportRequest, kind: FoundSeries['kind']): Promise<PlannedImport> {
      const files = await filesOf(request.paths, engine, incoming);
      const { found, series, plan } = await read(request, [kind], files);
      if (series.length > 0) return plan;
      const [first] = found.refused;
      if (first) throw new Failure('unreadable', first.reason);
      const what = kind === 'dicom' ? 'DICOM images' : 'NIfTI, NRRD or MetaImage volumes';
      throw new Failure('invalid', `No ${what} were found in ${request.paths.join(', ')}.`);
    },
    /** As `plan`, for whatever there is; undefined where the files look and are like pictures. */
    async find(request: ImportRequest): Promise<PlannedImport | undefined> {
      const files = await filesOf(request.paths, engine, incoming);
      const candidates = files.filter(({ path }) => mayBeMedical(path));
      if (candidates.length === 0) return undefined;
      const { found, series, plan } = await read(request, ['dicom', 'nifti'], candidates);
      if (series.length > 0) return plan;
      const [first] = found.refused;
      if (first && candidates.length === files.length && found.others === 0)
        throw new Failure('unreadable', first.reason);
      return undefined;
    },
  };
}

export type SeriesReader = ReturnType<typeof seriesReader>;

/** By its extension, or because it has none, as files of a scanner's export. */
function mayBeMedical(path: string): boolean {
  const name = basename(path);
  const extension = extensionOf(name);
  return extension === '' ? isImageName(name) : medicalExtensions.has(extension);
}

/** Every file chosen, or in a folder chosen, or in a ZIP archive among them; a DICOMDIR stands for its folder. */
async function filesOf(paths: readonly string[], engine: Engine, incoming: string): Promise<NamedFile[]> {
  const reader = new FolderReader();
  const files = new Map<string, NamedFile>();
  const addFolder = async (root: string, prefix: string) => {
    for (const path of await reader.walkAll(root)) await addFile(path, prefix + nameBelow(root, path));
  };
  const addFile = async (path: string, name: string): Promise<void> => {
    if (extensionOf(path) === 'zip') return addFolder(await unpacked(path, name, engine, incoming), '');
    if (basename(path).toUpperCase() !== 'DICOMDIR') files.set(path, { path, name });
  };
  for (const path of new Set(paths.map((one) => resolve(one)))) {
    const found = await stat(path).catch((error: unknown) => {
      throw new Failure('not-found', `${path} does not exist or cannot be read.`, { cause: error });
    });
    if (found.isDirectory()) await addFolder(path, paths.length > 1 ? `${basename(path)}/` : '');
    else if (basename(path).toUpperCase() === 'DICOMDIR') await addFolder(dirname(path), '');
    else await addFile(path, basename(path));
  }
  return [...files.values()].filter(({ path }) => basename(path).toUpperCase() !== 'DICOMDIR');
}

/** Below `incoming`, under a name that only the same archive gets, so that looking at it twice unpacks it once. */
async function unpacked(archive: string, name: string, engine: Engine, incoming: string): Promise<string> {
  if (archive.startsWith(incoming + sep)) {
    const inside = `${archive}.unpacked`;
    if (!existsSync(inside)) await engine.call('unpack', { archive, name, target: inside }, 'interactive');
    return inside;
  }
  const { size, mtimeMs } = await stat(archive);
  const digest = createHash('sha256').update(`${archive} ${size} ${mtimeMs}`).digest('hex');
  const target = join(incoming, `zip-${digest.slice(0, 24)}`);
  if (!existsSync(target)) await engine.call('unpack', { archive, name, target }, 'interactive');
  return target;
}

function planOf(
  { paths, role }: ImportRequest,
  { series: chosen }: SeriesChoice,
  found: InspectedSeries,
  series: readonly FoundSeries[],
): PlannedImport {
  const wanted = series.filter(({ key }) => chosen === undefined || chosen.includes(key));
  const items = wanted.flatMap(({ slices }) =>
    slices.map(({ path, name, plan }): PlannedImage => ({
      path,
      name,
      role,
      label: 'unknown',
      split: null,
      defect: null,
      patient: plan.patient,
      maskPaths: [],
      mask: plan.mask ? 'file' : 'unknown',
      slice: plan,
    })),
  );
  return {
    layout: series.every(({ kind }) => kind === 'nifti') ? 'nifti' : 'dicom',
    root: resolve(paths[0] ?? '.'),
    items,
    found: [],
    ignored: found.others,
    warnings: [...wanted.flatMap(warningsOf), ...refusals(found)],
    series,
  };
}

const warningsOf = ({ title, warnings }: FoundSeries): string[] =>
  warnings.map((warning) => `${title}: ${warning}`);

function refusals({ refused }: InspectedSeries): string[] {
  const shown = refused.slice(0, 5).map(({ reason }) => `${reason}.`);
  const more = refused.length - shown.length;
  return more > 0 ? [...shown, `${more} more files could not be read.`] : shown;
}
