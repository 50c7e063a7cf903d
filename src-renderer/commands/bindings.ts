import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import type { Command } from './command.ts';

/** Whatever has a name and keys it came with: a command, a tool, a place on the rail. */
export interface Bindable {
  readonly id: string;
  readonly keys?: readonly string[];
}

/**
 * The keys a person gave to commands, kept on this machine. Whoever shows or compares the keys of a command asks here;
 * what a command says itself is only where it starts.
 */
export const useKeyBindings = defineStore('key-bindings', () => {
  const changed = useLocalStorage<Record<string, string[]>>('nidus.keys', {});

  const keysOf = ({ id, keys = [] }: Bindable): readonly string[] => changed.value[id] ?? keys;
  const isChanged = ({ id }: Pick<Command, 'id'>): boolean => id in changed.value;

  function bind({ id }: Pick<Command, 'id'>, keys: readonly string[]): void {
    changed.value = { ...changed.value, [id]: [...keys] };
  }
  function reset({ id }: Pick<Command, 'id'>): void {
    const { [id]: _, ...others } = changed.value;
    changed.value = others;
  }
  const resetAll = (): void => void (changed.value = {});

  return { keysOf, isChanged, bind, reset, resetAll };
});
