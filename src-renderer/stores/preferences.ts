import { useLocalStorage, usePreferredDark } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, watchEffect } from 'vue';

export type Theme = 'dark' | 'light' | 'system';

/**
 * What the mouse does over an image. `workstation`: left drag windows, right drag zooms, middle drag pans, wheel changes
 * the image. `photo`: left drag pans, wheel zooms, right drag windows.
 */
export type MouseProfile = 'workstation' | 'photo';

/** What a person chose for this window, kept on this machine. */
export const usePreferences = defineStore('preferences', () => {
  const theme = useLocalStorage<Theme>('nidus.theme', 'dark');
  const mouseProfile = useLocalStorage<MouseProfile>('nidus.mouse', 'workstation');
  /** Longer side of a thumbnail in the image grids, in CSS pixels. */
  const thumbnailSize = useLocalStorage('nidus.thumbnail', 128);

  const systemDark = usePreferredDark();
  const shownTheme = computed<'dark' | 'light'>(() => {
    if (theme.value !== 'system') return theme.value;
    return systemDark.value ? 'dark' : 'light';
  });

  return { theme, mouseProfile, thumbnailSize, shownTheme };
});

/** Draws the whole window in the chosen theme. */
export function useTheme(): void {
  const preferences = usePreferences();
  watchEffect(() => {
    document.documentElement.dataset['theme'] = preferences.shownTheme;
  });
}
