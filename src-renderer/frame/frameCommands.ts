import { EyeOff, Keyboard, Moon, Search } from '@lucide/vue';
import { useQueryCache } from '@pinia/colada';
import { useRouter } from 'vue-router';
import { views } from '#shared/routes.ts';
import { defineCommand, useCommands } from '../commands/command.ts';
import { useCurrentStudy } from '../stores/current.ts';
import { namesHidden } from '../privacy/hidden-names.ts';
import { usePreferences } from '../stores/preferences.ts';
import { useDialogs } from './dialogs.ts';
import { places, studyTabs } from './places.ts';

/** What can be done anywhere: go to a place, find a command, change the theme. */
export function useFrameCommands(): void {
  const router = useRouter();
  const dialogs = useDialogs();
  const preferences = usePreferences();
  const queryCache = useQueryCache();
  const { studyId } = useCurrentStudy();

  useCommands([
    defineCommand({
      id: 'frame.palette',
      label: 'Search or run a command',
      group: 'Everywhere',
      keys: ['Mod+K'],
      icon: Search,
      whileTyping: true,
      keyOnly: true,
      run: () => dialogs.open('palette'),
    }),
    defineCommand({
      id: 'frame.keys',
      label: 'Show the keys',
      group: 'Everywhere',
      keys: ['?'],
      icon: Keyboard,
      run: () => dialogs.open('keys'),
    }),
    ...places.map((place) =>
      defineCommand({
        id: `go.${place.id}`,
        label: `Go to ${place.label.toLowerCase()}`,
        group: 'Everywhere',
        keys: [place.keys],
        icon: place.icon,
        run: async () => void (await router.push(place.to)),
      }),
    ),
    ...studyTabs.map(({ tab, label, keys }) =>
      defineCommand({
        id: `study.${tab}`,
        label: `Show ${label.toLowerCase()}`,
        group: 'Study',
        keys: [keys],
        enabled: () => studyId.value !== undefined,
        run: async () => {
          if (studyId.value !== undefined) await router.push(views.study(studyId.value, tab));
        },
      }),
    ),
    defineCommand({
      id: 'frame.hide-names',
      label: 'Hide or show names',
      group: 'Everywhere',
      keys: ['Mod+Shift+H'],
      icon: EyeOff,
      run: async () => {
        namesHidden.value = !namesHidden.value;
        await queryCache.invalidateQueries();
      },
    }),
    defineCommand({
      id: 'frame.theme',
      label: 'Switch between dark and light',
      group: 'Everywhere',
      icon: Moon,
      run: () => {
        preferences.theme = preferences.shownTheme === 'dark' ? 'light' : 'dark';
      },
    }),
  ]);
}
