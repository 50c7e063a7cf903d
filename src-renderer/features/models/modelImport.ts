import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Precision } from '#shared/model-description.ts';
import type { ModelLook } from '#shared/model-import.ts';
import { client, failureMessage } from '../../api/client.ts';
import { uploadedPaths, type Picked } from '../imports/collect.ts';
import { upload } from '../imports/upload.ts';

/** Where the one model a window is bringing stands; once it is a job, the job says. */
export type ModelImportStep =
  | { readonly at: 'idle' }
  | { readonly at: 'uploading'; readonly files: number; readonly total: number; readonly bytes: number }
  | { readonly at: 'looking' }
  /** What was found is shown, with its licence, before anything is made of it. */
  | { readonly at: 'found'; readonly look: ModelLook };

/** Lives longer than the Models view: files are sent while the person looks at something else. */
export const useModelImport = defineStore('model-import', () => {
  const step = shallowRef<ModelImportStep>({ at: 'idle' });
  const problem = shallowRef<string>();
  const precision = shallowRef<Precision>('fp32');

  async function attempt(work: () => Promise<void>): Promise<void> {
    problem.value = undefined;
    try {
      await work();
    } catch (error) {
      problem.value = failureMessage(error);
      step.value = { at: 'idle' };
    }
  }

  async function look(path: string): Promise<void> {
    step.value = { at: 'looking' };
    step.value = { at: 'found', look: await client.models.look({ path, precision: precision.value }) };
  }

  /** A folder or file on the machine Nidus runs on. */
  const lookAt = (path: string): Promise<void> => attempt(() => look(path));

  /** What was dropped or chosen; files are sent first where the host knows no paths. */
  function take(picked: Picked): Promise<void> {
    return attempt(async () => {
      if (picked.kind === 'paths') return look(onlyOne(picked.paths));
      const { files } = picked;
      const total = files.length;
      step.value = { at: 'uploading', files: 0, total, bytes: 0 };
      const folder = await upload(
        files,
        (arrived) => (step.value = { at: 'uploading', total, ...arrived }),
        new AbortController().signal,
      );
      const [path = folder, ...more] = uploadedPaths(folder, files);
      // Loose files belong together: they lie in the folder of this drop.
      return look(more.length === 0 ? path : folder);
    });
  }

  /** Queues the import of what was found. */
  function start(name: string, acceptLicence: boolean): Promise<void> {
    return attempt(async () => {
      if (step.value.at !== 'found') return;
      const { path } = step.value.look;
      await client.models.import({ path, name, precision: precision.value, acceptLicence });
      step.value = { at: 'idle' };
    });
  }

  const forget = (): void => {
    step.value = { at: 'idle' };
    problem.value = undefined;
  };

  return { step, problem, precision, lookAt, take, start, forget };
});

/** Several dropped files are those of one model, in one folder. */
function onlyOne(paths: readonly string[]): string {
  const [path] = paths;
  const folders = new Set(paths.map((one) => one.replace(/[\\/][^\\/]*$/, '')));
  if (path === undefined || (paths.length > 1 && folders.size > 1))
    throw new Error('Choose one folder with the files of one model.');
  const [folder = path] = folders;
  return paths.length === 1 ? path : folder;
}
