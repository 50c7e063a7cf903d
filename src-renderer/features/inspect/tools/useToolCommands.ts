import { onScopeDispose, watch } from 'vue';
import { defineCommand, useCommandRegistry, useCommands } from '../../../commands/command.ts';
import type { Toolbox } from './toolbox.ts';

/** A command for every tool, for as long as it is there, and one that puts down what is in the hand. */
export function useToolCommands({ tools, active, take }: Toolbox): void {
  const registry = useCommandRegistry();
  let remove: () => void = () => undefined;
  watch(
    tools,
    (present) => {
      remove();
      remove = registry.add(
        present.map(({ id, label, group, icon, keys = [], enabled }) =>
          defineCommand({
            id,
            label,
            group,
            icon,
            keys,
            enabled: () => enabled?.() !== false,
            run: () => take(id),
          }),
        ),
      );
    },
    { immediate: true },
  );
  onScopeDispose(() => remove());
  useCommands([
    defineCommand({
      id: 'tools.pointer',
      label: 'Put the tool down',
      group: 'Tools',
      keys: ['Escape'],
      enabled: () => active.value !== null,
      run: () => take(null),
    }),
  ]);
}
