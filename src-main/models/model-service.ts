import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Model } from '#shared/domain.ts';
import type { FeatureArrays, FeatureRequest, ModelCheck } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { modelNamePattern, type Precision } from '#shared/model-description.ts';
import type { Engine } from '#main/engine/engine.ts';
import { forgetUpload } from '#main/imports/uploads.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import type { ModelCatalogue } from './catalogue.ts';
import { licenceOf } from './licences.ts';
import { suggestedModelName } from './model-name.ts';

/** Folders of imports under way; a start finds only those of an application that was killed. */
const UNDER_WAY = '.importing-';

export interface ModelImport {
  /** A folder with `config.json` and `model.safetensors`, or one of its files. */
  readonly path: string;
  /** The folder's own name if left out. */
  readonly name?: string | undefined;
  readonly precision?: Precision | undefined;
}

/** Importing, checking and removing models. `changed` is called when the catalogue has others. */
export function modelService(
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
  changed: () => void,
) {
  const { models, runs, folders } = workspace;
  for (const name of readdirSync(folders.models)) {
    if (name.startsWith(UNDER_WAY)) rmSync(join(folders.models, name), { recursive: true, force: true });
  }
  const underWay = new Set<string>();

  const freeName = (name: string): string => {
    if (!modelNamePattern.test(name)) {
      throw new Failure(
        'invalid',
        `"${name}" cannot name a model: take lower-case letters, digits, dots, dashes and underscores.`,
      );
    }
    if (catalogue.find(name) || underWay.has(name)) {
      throw new Failure('invalid', `There is a model "${name}" already. Choose another name.`);
    }
    return name;
  };

  return {
    /**
     * Converts weights into the workspace and tries them. Whoever imports weights has accepted their licence.
     * @throws Failure with one sentence that names the file and the tensor; nothing is left behind then.
     */
    async import({ path, name: wanted, precision = 'fp32' }: ModelImport): Promise<Model> {
      const source = sourceFolder(path);
      const name = freeName(wanted ?? suggestedModelName(source));
      const target = join(folders.models, `${UNDER_WAY}${name}`);
      underWay.add(name);
      try {
        const description = await engine.call('import-model', { source, target, name, precision }, 'job');
        const detail = { name, family: description.family, sha256: description.sha256, precision };
        workspace.change('import model', detail, () => {
          models.create(description, licenceOf(description.family));
          // What stands here without a row was left by an import that was killed in this very place.
          rmSync(join(folders.models, name), { recursive: true, force: true });
          renameSync(target, join(folders.models, name));
        });
      } finally {
        underWay.delete(name);
        await rm(target, { recursive: true, force: true });
        await forgetUpload(folders.incoming, source);
      }
      changed();
      return catalogue.get(name);
    },

    /** @throws Failure when a file has changed or the model gives no features. */
    async check(name: string): Promise<ModelCheck> {
      catalogue.get(name);
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
      if (catalogue.get(name).builtIn)
        throw new Failure('invalid', `${name} comes with Nidus and cannot be removed.`);
      const using = runs.list().filter(({ settings }) => settings.model === name);
      const busy = using.find(({ state }) => state === 'queued' || state === 'running');
      if (busy)
        throw new Failure('invalid', `Run ${busy.id} is using ${name} and is not finished. Cancel it first.`);
      if (engine.status().state !== 'idle') await engine.call('close-model', { name }, 'interactive');
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

function sourceFolder(path: string): string {
  const whole = resolve(path);
  if (!existsSync(whole)) throw new Failure('not-found', `${path}: there is no such folder.`);
  return statSync(whole).isDirectory() ? whole : dirname(whole);
}
