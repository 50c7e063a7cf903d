import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceTrial } from '#shared/devices.ts';
import type { FeatureArrays, FeatureRequest, ModelCheck } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { Engine } from '#main/engine/engine.ts';
import type { Workspace } from '#main/workspace/workspace.ts';
import type { ModelCatalogue } from './catalogue.ts';
import type { DeviceService } from './devices.ts';

/**
 * What is done with models that are there.
 * @param changed called when the catalogue has others
 */
export function modelService(
  workspace: Workspace,
  engine: Engine,
  catalogue: ModelCatalogue,
  devices: DeviceService,
  changed: () => void,
) {
  const { models, textModels, runs, folders } = workspace;

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
    /** @throws Failure when a file has changed or the model gives no features. */
    async check(name: string): Promise<ModelCheck> {
      if (!textModels.find(name)) catalogue.get(name);
      return engine.call('check-model', { model: name }, 'interactive');
    },

    /** Features of an image file or of arrays that people bring, for use outside Nidus. */
    features: (request: FeatureRequest): Promise<FeatureArrays> =>
      engine.call('extract-features', request, 'interactive'),

    /** Tries every device of this machine again, and tells how the model fared. */
    async tryDevices(name: string): Promise<DeviceTrial[]> {
      const model = catalogue.get(name);
      await devices.again(model);
      return devices.trialsOf(model);
    },

    /**
     * Runs keep their results, and the hash of the model they were made with.
     * @returns what no longer works without the model, as sentences
     */
    async remove(name: string): Promise<{ warnings: string[] }> {
      if (textModels.find(name)) return removeText(name);
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
