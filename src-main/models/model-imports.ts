import { readdirSync, renameSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JobId } from '#shared/domain.ts';
import { Failure, toFailure } from '#shared/errors.ts';
import { modelNamePattern, type Precision } from '#shared/model-description.ts';
import type { KeptDownload, Licence, ModelLook, ModelRequest } from '#shared/model-import.ts';
import type { Engine } from '#main/engine/engine.ts';
import { forgetUpload } from '#main/imports/uploads.ts';
import type { JobContext, JobExecutor } from '#main/jobs/job-queue.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import type { ModelCatalogue } from './catalogue.ts';
import type { DeviceService } from './devices.ts';
import type { Hub } from './hub/hub.ts';
import { keptDownloads } from './hub/kept-downloads.ts';
import { licenceOf } from './licences.ts';
import { suggestedModelName } from './model-name.ts';
import { lookAt, type ModelSource } from './model-source.ts';
import { publishedModels } from './published.ts';

/** Folders of imports under way; a start finds only those of an application that was killed. */
const UNDER_WAY = '.importing-';

interface Wanted {
  /** The folder's or the repository's own name if left out. */
  readonly name?: string | undefined;
  readonly precision?: Precision | undefined;
  /** Whoever asks has accepted the licence; it is recorded. */
  readonly acceptLicence: boolean;
}

export interface ModelImport extends Wanted {
  /** A folder with `config.json` and weights, one of its files, or a ready ONNX file. */
  readonly path: string;
}

export interface ModelDownload extends Wanted {
  readonly repository: string;
  /** Branch, tag or commit; the newest if left out. */
  readonly revision?: string | undefined;
}

/**
 * Models on their way into the workspace.
 * @param changed called when the catalogue has others
 */
export function modelImports(
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
  devices: DeviceService,
  hub: Hub,
  changed: () => void,
) {
  const { models, textModels, modelRequests, licences, jobs, folders } = workspace;
  for (const name of readdirSync(folders.models)) {
    if (name.startsWith(UNDER_WAY)) rmSync(join(folders.models, name), { recursive: true, force: true });
  }

  const kept = keptDownloads(folders.incoming, (repository) =>
    modelRequests
      .unfinished()
      .some(({ origin }) => origin.kind === 'hub' && origin.repository === repository),
  );
  kept.expire();

  const isThere = (name: string): boolean =>
    catalogue.find(name) !== undefined || textModels.find(name) !== undefined;

  const isTaken = (name: string): boolean =>
    isThere(name) || modelRequests.unfinished().some((request) => request.name === name);

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

  const publishedLicence = (repository: string): Licence | undefined => {
    const published = publishedModels.find((model) => model.repository === repository);
    return published && licenceFor(published.family);
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
    if (isThere(name)) throw new Failure('invalid', `There is a model "${name}" already.`);
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
    progress(`Trying ${name} on the devices of this machine`, { done: 100, total: 100 });
    const model = catalogue.find(name);
    if (model) await devices.choose(model);
  };

  const executeImport: JobExecutor = async (job, context) => {
    const request = modelRequests.get(job);
    if (request.origin.kind !== 'path') throw new Failure('bug', `Job ${job} has no path to import.`);
    const { path } = request.origin;
    try {
      await bring(lookAt(path, request.precision), request, path, context);
    } finally {
      if (!context.isClosing()) await forgetUpload(folders.incoming, path);
    }
  };

  /** Fetches a repository and makes a model of it. What arrived before a broken line or a cancel is kept for the next attempt. */
  const executeDownload: JobExecutor = async (job, context) => {
    const request = modelRequests.get(job);
    if (request.origin.kind !== 'hub') throw new Failure('bug', `Job ${job} has nothing to download.`);
    const { repository, revision } = request.origin;
    const { signal, progress } = context;
    progress(`Asking ${hub.host} for ${repository}`);
    const snapshot = await hub.look({ repository, revision, precision: request.precision }, signal);
    const folder = kept.folderFor(repository, snapshot.commit);
    await hub.fetch(snapshot, folder, signal, ({ done, total }) =>
      progress(`${repository}, ${megabytes(done)} of ${megabytes(total)} MB`, { done, total }),
    );
    const source = lookAt(folder, request.precision);
    recordLicence(licenceFor(source.family), request.acceptLicence);
    try {
      await bring(source, request, `${hub.host}/${repository}@${snapshot.commit}`, context);
    } catch (error) {
      // A conversion that was given up can be taken up again; what cannot be converted never will be.
      if (toFailure(error).kind !== 'cancelled') kept.forget(repository);
      throw error;
    }
    kept.forget(repository);
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
      return {
        name,
        jobId: queue('import-model', `Import of model ${name}`, { origin, name, precision, acceptLicence }),
      };
    },

    /**
     * Queues a download from the hub and the import of what it brings: the only network access there is.
     * @throws Failure when the name is taken or a licence that is known from the start was not accepted
     */
    startDownload({
      repository,
      revision = 'main',
      name: wanted,
      precision = 'fp32',
      acceptLicence,
    }: ModelDownload) {
      const name = wanted ?? suggestedModelName(repository);
      assertFree(name);
      const licence = publishedLicence(repository);
      if (licence) recordLicence(licence, acceptLicence);
      const origin = { kind: 'hub', repository, revision } as const;
      const jobId = queue('download', `Download of ${repository}`, {
        origin,
        name,
        precision,
        acceptLicence,
      });
      workspace.change('download model', { repository, revision, name }, () => {});
      return { name, jobId };
    },

    /** What publishers offer, with the licence it comes under. */
    published: () =>
      publishedModels.map((model) => ({
        ...model,
        licence: licenceFor(model.family),
        page: hub.page(model.repository),
      })),

    /** What arrived of downloads that did not come to their end, with the job that goes on with it. */
    keptDownloads: (): KeptDownload[] =>
      kept.list().map(({ repository, bytes, lastChange, keptUntil }) => ({
        repository,
        bytes,
        at: lastChange.toISOString(),
        until: keptUntil.toISOString(),
        jobId: modelRequests.lastOf(repository) ?? null,
      })),

    /** @throws Failure when it is being downloaded, or nothing is there */
    removeDownload(repository: string): void {
      workspace.change('remove download', { repository }, () => kept.remove(repository));
      changed();
    },

    executeImport,
    executeDownload,
  };
}

const counted = (name: string): string[] => Array.from({ length: 98 }, (_, index) => `${name}-${index + 2}`);

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
