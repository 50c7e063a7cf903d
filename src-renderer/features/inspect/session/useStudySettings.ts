import { computed, type ComputedRef } from 'vue';
import type { Run } from '#shared/results.ts';
import type { StudyId, StudyImage } from '#shared/domain.ts';
import { defaultSettings, type RunSettings } from '#shared/settings.ts';
import { useRunSettings } from '../../../stores/runSettings.ts';
import { firstSettings } from '../model/preferences.ts';

export interface StudySettings {
  readonly settings: ComputedRef<RunSettings>;
  set(settings: RunSettings): void;
}

/** The settings a study is looked at with and its next run takes; until somebody changes them they follow the study. */
export function useStudySettings(
  studyId: StudyId,
  images: () => readonly StudyImage[],
  latestRun: () => Run | null,
): StudySettings {
  const store = useRunSettings();
  const settings = computed(() => {
    const stored = store.of(studyId);
    return stored === defaultSettings ? firstSettings(images(), latestRun()?.settings ?? null) : stored;
  });
  return {
    settings,
    set: (next) => store.change(studyId, next),
  };
}
