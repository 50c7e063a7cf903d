import { CircleSlash, Eye, ScanSearch, ShieldCheck, SquareDashedMousePointer, Trash2 } from '@lucide/vue';
import { useRouter } from 'vue-router';
import type { Role, StudyId, StudyImage } from '#shared/domain.ts';
import { views } from '#shared/routes.ts';
import type { Command } from '../../commands/command.ts';
import { defineCommand, useCommands } from '../../commands/command.ts';
import { useCurrentImage } from '../../stores/current.ts';
import { useImageActions } from './useImageActions.ts';
import type { ImageSelection } from './useImageSelection.ts';

export interface ImageCommands {
  /** Normal, query, excluded. */
  readonly roles: readonly Command[];
  readonly inspect: Command;
  readonly remove: Command;
  readonly clear: Command;
  open(image: StudyImage): Promise<void>;
}

/** The commands of a grid of images, for as long as the calling view lives. */
export function useImageCommands(studyId: () => StudyId, selection: ImageSelection): ImageCommands {
  const router = useRouter();
  const current = useCurrentImage();
  const actions = useImageActions(studyId);
  const some = () => selection.chosen.value.length > 0;

  async function open(image: StudyImage): Promise<void> {
    current.show(studyId(), image.id);
    await router.push(views.study(studyId(), 'inspect'));
  }

  const role = (to: Role, label: string, key: string, icon: Command['icon']) =>
    defineCommand({
      id: `images.role.${to}`,
      label,
      group: 'Images',
      keys: [key],
      ...(icon === undefined ? {} : { icon }),
      enabled: some,
      run: () => actions.setRole(selection.chosen.value, to),
    });

  const roles = [
    role('normal', 'Use as normal', 'N', ShieldCheck),
    role('query', 'Use as query', 'Q', ScanSearch),
    role('excluded', 'Exclude', 'E', CircleSlash),
  ];
  const inspect = defineCommand({
    id: 'images.inspect',
    label: 'Inspect',
    group: 'Images',
    keys: ['Enter'],
    icon: Eye,
    enabled: () => selection.cursor.value?.role === 'query',
    run: async () => {
      if (selection.cursor.value !== undefined) await open(selection.cursor.value);
    },
  });
  const remove = defineCommand({
    id: 'images.remove',
    label: 'Remove from the study',
    group: 'Images',
    keys: ['Delete'],
    icon: Trash2,
    enabled: some,
    run: () => actions.remove(selection.chosen.value),
  });
  const clear = defineCommand({
    id: 'images.select-none',
    label: 'Select none',
    group: 'Images',
    keys: ['Escape'],
    enabled: some,
    run: selection.clear,
  });
  const all = defineCommand({
    id: 'images.select-all',
    label: 'Select all images in sight',
    group: 'Images',
    keys: ['Mod+A'],
    icon: SquareDashedMousePointer,
    run: selection.chooseAll,
  });

  useCommands([...roles, inspect, remove, all, clear]);
  return { roles, inspect, remove, clear, open };
}
