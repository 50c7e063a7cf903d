import { shallowRef, type ShallowRef } from 'vue';
import type { StudyId } from '#shared/domain.ts';
import { loadPreferences, savePreferences, type Preferences } from '../model/preferences.ts';

export interface InspectPreferences {
  readonly preferences: Readonly<ShallowRef<Preferences>>;
  update(patch: Partial<Preferences>): void;
}

/** How this study is looked at; every change is kept on this machine. */
export function useInspectPreferences(studyId: StudyId): InspectPreferences {
  const preferences = shallowRef(loadPreferences(localStorage, studyId));
  return {
    preferences,
    update(patch) {
      preferences.value = { ...preferences.value, ...patch };
      savePreferences(localStorage, studyId, preferences.value);
    },
  };
}
