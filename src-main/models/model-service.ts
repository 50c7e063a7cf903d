import { readdirSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobId } from '#shared/domain.ts';
import type { FeatureArrays, FeatureRequest, ModelCheck } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { modelNamePattern, type Precision } from '#shared/model-description.ts';
import type { Licence, ModelLook, ModelRequest } from '#shared/model-import.ts';
import type { Engine } from '#main/engine/engine.ts';
import { forgetUpload } from '#main/imports/uploads.ts';
import type { JobContext, JobExecutor } from '#main/jobs/job-queue.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import type { ModelCatalogue } from './catalogue.ts';
import { licenceOf } from './licences.ts';
import { suggestedModelName } from './model-name.ts';
import { lookAt, type ModelSource } from './model-source.ts';

/** Folders of imports under way; a start finds only those of an application that was killed. */
const UNDER_WAY = '.importing-';

export interface ModelImport {
  /** A folder with `config.json` and weights, one of its files, or a ready ONNX file. */
  readonly path: string;
  /** The folder's own name if left out. */
  readonly name?: string | undefined;
  readonly precision?: Precision | undefined;
  /** Whoever asks has accepted the licence; it is recorded. */
  readonly acceptLicence: boolean;
}

/** Importing, checking and removing models. `changed` is called when the catalogue has others. */
export function modelService(
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
  changed: () => void,
) {
  const { models, textModels, modelRequests, licences, jobs, runs, folders } = workspace;
  for (const name of readdirSync(folders.models)) {
    if (name.startsWith(UNDER_WAY)) rmSync(join(folders.models, name), { recursive: true, force: true });
  }

  const textModel = (name: string) => textModels.list().find((model) => model.name === name);

  const isTaken = (name: string): boolean =>
    catalogue.find(name) !== undefined ||
    textModel(name) !== undefined ||
    modelRequests.unfinished().some((request) => request.name === name);

  const assertFree = (name: string): void => {
    if (!modelNamePattern.test(name)) {
      throw new Failure(
        'invalid',
        `"${name}" cannot name a model: take lower-case letters, digits, dots, dashes and underscores.`,
      );
    }
    if (isTaken(name))
      throw new Failure('invalid', `There is a model "${name}" already. Choose another name.`);
  };

  const licenceFor = (family: string): Licence => {
    const licence = licenceOf(family);
    return { ...licence, accepted: licences.accepted(licence.name) };
  };

  /** @throws Failure('invalid') when the licence has to be accepted and was not */
  const recordLicence = (licence: Licence, accepts: boolean): void => {
    if (licence.accepted !== null) return;
    if (licence.gated && !accepts) {
      throw new Failure('invalid', `Read and accept the ${licence.name} first: ${licence.page}`);
    }
    workspace.change('accept licence', { licence: licence.name }, () => licences.accept(licence.name));
  };

  /** Queues what a job of this kind will do. */
  const queue = (kind: 'import-model' | 'download', title: string, request: ModelRequest): JobId =>
    workspace.together(() => {
      const job = jobs.create(kind, title, null);
      modelRequests.add(job, request);
      return job;
    });

  /** Makes a model of files on this machine and gives it its row. */
  const bring = async (
    source: ModelSource,
    { name, precision }: ModelRequest,
    origin: string,
    { signal, progress }: JobContext,
  ): Promise<void> => {
    if (catalogue.find(name) || textModel(name))
      throw new Failure('invalid', `There is a model "${name}" already.`);
    const target = join(folders.models, `${UNDER_WAY}${name}`);
    try {
      const description = await engine.call(
        'import-model',
        { source: source.path, target, name, precision },
        'job',
        {
          signal,
          onProgress: ({ share, activity }) =>
            progress(`${activity}, ${Math.round(100 * share)} %`, {
              done: Math.round(100 * share),
              total: 100,
            }),
        },
      );
      const licence = licenceFor(description.family);
      const accepted = licence.accepted ?? new Date().toISOString();
      const detail = { name, family: description.family, sha256: description.sha256, precision, origin };
      workspace.change('import model', detail, () => {
        if ('kind' in description) textModels.create(description, licence);
        else models.create(description, { licence: { ...licence, accepted }, origin });
        // What stands here without a row was left by an import that was killed in this very place.
        rmSync(join(folders.models, name), { recursive: true, force: true });
        renameSync(target, join(folders.models, name));
      });
    } finally {
      await rm(target, { recursive: true, force: true });
    }
    changed();
  };

  const execute: JobExecutor = async (job, context) => {
    const request = modelRequests.get(job);
    if (request.origin.kind !== 'path') throw new Failure('bug', `Job ${job} has no path to import.`);
    const { path } = request.origin;
    try {
      await bring(lookAt(path, request.precision), request, path, context);
    } finally {
      if (!context.isClosing()) await forgetUpload(folders.incoming, path);
    }
  };

  const letGo = async (name: string): Promise<void> => {
    if (engine.status().state !== 'idle') await engine.call('close-model', { name }, 'interactive');
  };

  const removeText = async (name: string): Promise<{ warnings: string[] }> => {
    await letGo(name);
    workspace.change('remove model', { name }, () => {
      textModels.remove(name);
      rmSync(join(folders.models, name), { recursive: true, force: true });
    });
    changed();
    return { warnings: [] };
  };

  return {
    /** What lies at a path, and under which licence. @throws Failure that names what is missing */
    look(path: string, precision: Precision = 'fp32'): ModelLook {
      const source = lookAt(path, precision);
      const suggested = suggestedModelName(source.folder);
      const candidates = [suggested, `${suggested}-${precision}`, ...counted(suggested)];
      return {
        path: source.path,
        name: candidates.find((name) => !isTaken(name)) ?? suggested,
        form: source.form,
        family: source.family,
        licence: licenceFor(source.family),
        bytes: source.bytes,
      };
    },

    /**
     * Queues an import.
     * @throws Failure when nothing can be imported from there, the name is taken or the licence was not accepted
     */
    startImport({ path, name: wanted, precision = 'fp32', acceptLicence }: ModelImport) {
      const source = lookAt(path, precision);
      const name = wanted ?? suggestedModelName(source.folder);
      assertFree(name);
      recordLicence(licenceFor(source.family), acceptLicence);
      const origin = { kind: 'path', path: source.path } as const;
      return { name, jobId: queue('import-model', `Import of model ${name}`, { origin, name, precision }) };
    },

    execute,

    /** @throws Failure when a file has changed or the model gives no features. */
    async check(name: string): Promise<ModelCheck> {
      if (!textModel(name)) catalogue.get(name);
      return engine.call('check-model', { name }, 'interactive');
    },

    /** Features of an image file or of arrays that people bring, for use outside Nidus. */
    features: (request: FeatureRequest): Promise<FeatureArrays> =>
      engine.call('extract-features', request, 'interactive'),

    /**
     * Runs keep their results, and the hash of the model they were made with.
     * @returns what no longer works without the model, as sentences
     */
    async remove(name: string): Promise<{ warnings: string[] }> {
      if (textModel(name)) return removeText(name);
      if (catalogue.get(name).builtIn)
        throw new Failure('invalid', `${name} comes with Nidus and cannot be removed.`);
      const using = runs.list().filter(({ settings }) => settings.model === name);
      const busy = using.find(({ state }) => state === 'queued' || state === 'running');
      if (busy)
        throw new Failure('invalid', `Run ${busy.id} is using ${name} and is not finished. Cancel it first.`);
      await letGo(name);
      workspace.change('remove model', { name, runs: using.map(({ id }) => id) }, () => {
        models.remove(name);
        rmSync(join(folders.models, name), { recursive: true, force: true });
      });
      changed();
      if (using.length === 0) return { warnings: [] };
      const which = using.map(({ id }) => id).join(', ');
      return {
        warnings: [
          `Made with this model: run ${which}. Results stay, but cannot be computed again without it.`,
        ],
      };
    },
  };
}

export type ModelService = ReturnType<typeof modelService>;

const counted = (name: string): string[] => Array.from({ length: 98 }, (_, index) => `${name}-${index + 2}`);
