import { useQueryCache } from '@pinia/colada';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Model } from '#shared/domain.ts';
import { client, failureMessage } from '../../api/client.ts';
import { keys } from '../../api/queries.ts';
import { useToasts } from '../../stores/toasts.ts';
import { uploadedPaths, type Picked } from '../imports/collect.ts';
import { upload } from '../imports/upload.ts';

type Precision = Model['precision'];

/** Where the one model import of a window stands. */
export type ModelImportStep =
  | { readonly at: 'idle' }
  | { readonly at: 'uploading'; readonly files: number; readonly total: number; readonly bytes: number }
  | { readonly at: 'converting' };

/** Lives longer than the Models view: a conversion goes on while the person looks at something else. */
export const useModelImport = defineStore('model-import', () => {
  const cache = useQueryCache();
  const toasts = useToasts();
  const step = shallowRef<ModelImportStep>({ at: 'idle' });
  const problem = shallowRef<string>();
  const precision = shallowRef<Precision>('fp32');

  async function run(work: () => Promise<Model>): Promise<void> {
    if (step.value.at !== 'idle') return;
    problem.value = undefined;
    try {
      const model = await work();
      await cache.invalidateQueries({ key: [...keys.models] });
      toasts.show({
        tone: 'good',
        title: `${model.name} is ready`,
        text: 'Choose it in Inspect or for a run.',
      });
    } catch (error) {
      problem.value = failureMessage(error);
    } finally {
      step.value = { at: 'idle' };
    }
  }

  function convert(path: string): Promise<Model> {
    step.value = { at: 'converting' };
    return client.models.import({ path, precision: precision.value });
  }

  /** A folder on the machine Nidus runs on. */
  const importPath = (path: string): Promise<void> => run(() => convert(path));

  /** What was dropped or chosen; files are sent first where the host knows no paths. */
  function take(picked: Picked): Promise<void> {
    return run(async () => {
      if (picked.kind === 'paths') return convert(onlyOne(picked.paths));
      const { files } = picked;
      const total = files.length;
      step.value = { at: 'uploading', files: 0, total, bytes: 0 };
      const folder = await upload(
        files,
        (arrived) => (step.value = { at: 'uploading', total, ...arrived }),
        new AbortController().signal,
      );
      return convert(onlyOne(uploadedPaths(folder, files)));
    });
  }

  return { step, problem, precision, importPath, take };
});

function onlyOne(paths: readonly string[]): string {
  const [path, ...more] = paths;
  if (path === undefined || more.length > 0)
    throw new Error('Choose one folder with the files of one model.');
  return path;
}
