import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import type { StudyId } from '#shared/domain.ts';
import type { RunSettings as Settings } from '#shared/settings.ts';
import { RunSettings, defaultSettings } from '#shared/settings.ts';

/**
 * The settings each study is looked at with: Inspect changes them, a run takes them. Kept on this machine;
 * what no longer parses (an older version wrote it) falls back to the defaults.
 */
export const useRunSettings = defineStore('run-settings', () => {
  const stored = useLocalStorage<Record<string, unknown>>('nidus.run-settings', {});

  const of = (study: StudyId): Settings =>
    RunSettings.safeParse(stored.value[String(study)]).data ?? defaultSettings;

  function change(study: StudyId, settings: Settings): void {
    stored.value = { ...stored.value, [String(study)]: settings };
  }

  return { of, change };
});
