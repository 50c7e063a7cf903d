import { Import } from '@lucide/vue';
import { defineCommand, useCommands } from '../../commands/command.ts';
import { useCurrentStudy } from '../../stores/current.ts';
import { useImport } from './importStore.ts';

/** "Import images" from anywhere: into the open study if there is one. */
export function useImportCommand(): void {
  const imports = useImport();
  const { studyId } = useCurrentStudy();
  useCommands([
    defineCommand({
      id: 'study.import',
      label: 'Import images',
      group: 'Everywhere',
      keys: ['Mod+I'],
      icon: Import,
      run: () => imports.begin(studyId.value === undefined ? {} : { studyId: studyId.value }),
    }),
  ]);
}
