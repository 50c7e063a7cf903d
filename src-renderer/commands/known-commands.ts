import { useLocalStorage, watchDebounced } from '@vueuse/core';
import { defineStore } from 'pinia';
import type { Bindable } from './bindings.ts';
import type { Command } from './command.ts';

export interface KnownCommand extends Bindable {
  readonly label: string;
  readonly group: string;
  readonly keys: readonly string[];
}

const pairOf = (a: string, b: string) => [a, b].sort().join(' + ');

/**
 * Commands live as long as their view, keys are changed in Settings: so each command is remembered when it is first
 * offered, and which groups are offered together, because only commands of those can be in each other's way.
 */
export const useKnownCommands = defineStore('known-commands', () => {
  const stored = useLocalStorage<{ commands: Record<string, KnownCommand>; together: string[] }>(
    'nidus.commands',
    { commands: {}, together: [] },
  );

  function remember(offered: readonly Command[]): void {
    const commands = { ...stored.value.commands };
    for (const { id, label, group, keys = [] } of offered)
      commands[id] = { id, label, group, keys: [...keys] };
    const groups = [...new Set(offered.map(({ group }) => group))];
    const together = new Set(stored.value.together);
    for (const a of groups) for (const b of groups) if (a !== b) together.add(pairOf(a, b));
    stored.value = { commands, together: [...together] };
  }

  return {
    all: () => Object.values(stored.value.commands),
    meet: (a: string, b: string): boolean => a === b || stored.value.together.includes(pairOf(a, b)),
    remember,
  };
});

/** Remembers what is offered, for as long as the calling component lives. */
export function useCommandMemory(offered: () => readonly Command[]): void {
  const known = useKnownCommands();
  // A view that is left and one that is entered are not offered together: wait until the change is over.
  watchDebounced(offered, (commands) => known.remember(commands), { debounce: 300, immediate: true });
}
