import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import type { JobId, StudyId } from '#shared/domain.ts';
import { failureMessage } from '../../api/client.ts';
import type { Picked } from './collect.ts';
import { sourceText, suggestedName, uploadedPaths } from './collect.ts';
import { upload } from './upload.ts';

/** Where an import stands. Until `running` nothing of it is in the workspace. */
export type ImportStep =
  | { readonly at: 'choosing'; readonly problem?: string }
  | { readonly at: 'uploading'; readonly files: number; readonly total: number; readonly bytes: number }
  | {
      readonly at: 'checking';
      readonly paths: readonly string[];
      /** Where it comes from, as the person knows it. */
      readonly source: string;
      readonly name: string;
    }
  | { readonly at: 'running'; readonly jobId: JobId; readonly studyId: StudyId };

/** The one import a window prepares at a time. */
export const useImport = defineStore('import', () => {
  const step = shallowRef<ImportStep>();
  /** The study the images were dropped on, offered as the place for them. */
  const target = shallowRef<StudyId>();
  let uploading: AbortController | undefined;

  const open = computed(() => step.value !== undefined);

  function begin(options: { studyId?: StudyId } = {}): void {
    target.value = options.studyId;
    step.value = { at: 'choosing' };
  }

  function check(paths: readonly string[], picked: Picked = { kind: 'paths', paths }): void {
    step.value = { at: 'checking', paths, source: sourceText(picked), name: suggestedName(picked) };
  }

  async function take(picked: Picked): Promise<void> {
    if (picked.kind === 'paths') {
      if (picked.paths.length > 0) check(picked.paths);
      return;
    }
    const { files } = picked;
    if (files.length === 0) {
      step.value = { at: 'choosing', problem: 'There are no files in what was dropped.' };
      return;
    }
    const leaving = new AbortController();
    uploading = leaving;
    step.value = { at: 'uploading', files: 0, total: files.length, bytes: 0 };
    try {
      const folder = await upload(
        files,
        (arrived) => {
          if (!leaving.signal.aborted) step.value = { at: 'uploading', total: files.length, ...arrived };
        },
        leaving.signal,
      );
      if (!leaving.signal.aborted) check(uploadedPaths(folder, files), picked);
    } catch (error) {
      if (leaving.signal.aborted) return;
      // One refused file ends the upload: the rest would be sent for nothing.
      leaving.abort();
      step.value = { at: 'choosing', problem: failureMessage(error) };
    }
  }

  function started(jobId: JobId, studyId: StudyId): void {
    step.value = { at: 'running', jobId, studyId };
  }

  function close(): void {
    uploading?.abort();
    step.value = undefined;
  }

  return { step, target, open, begin, take, check, started, close };
});
