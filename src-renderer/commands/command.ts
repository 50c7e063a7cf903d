import { defineStore } from 'pinia';
import type { Component } from 'vue';
import { computed, onScopeDispose, shallowReactive } from 'vue';
import { failureMessage } from '../api/client.ts';
import { useToasts } from '../stores/toasts.ts';

/** Something a person can do. Buttons, shortcuts, the native menu and the palette all point at the same object. */
export interface Command {
  /** Dotted, e.g. `study.import`; also what the native menu sends. */
  readonly id: string;
  /** What the button says. */
  readonly label: string;
  /** Heading in the palette and the key sheet. */
  readonly group: string;
  /** Shortcuts in the notation of `keys.ts`, the one to show first. */
  readonly keys?: readonly string[];
  readonly icon?: Component;
  /** Fires even while a text field has the focus. */
  readonly whileTyping?: boolean;
  /** Not in the palette: steps that make sense only by key, such as moving a cursor. */
  readonly keyOnly?: boolean;
  readonly enabled: () => boolean;
  readonly run: () => void | Promise<void>;
}

/** A command from its parts; enabled unless said otherwise. */
export function defineCommand(
  command: Omit<Command, 'enabled'> & { readonly enabled?: () => boolean },
): Command {
  return { enabled: () => true, ...command };
}

/** Runs a command if it is enabled; a failure becomes a toast. */
export async function runCommand(command: Command): Promise<void> {
  if (!command.enabled()) return;
  try {
    await command.run();
  } catch (error) {
    useToasts().show({ tone: 'bad', title: `${command.label} did not work`, text: failureMessage(error) });
  }
}

export const useCommandRegistry = defineStore('commands', () => {
  const groups = shallowReactive(new Map<symbol, readonly Command[]>());
  /** Newest first: the view in front decides what a key means. */
  const all = computed(() => [...groups.values()].reverse().flat());

  function add(commands: readonly Command[]): () => void {
    const key = Symbol('commands');
    groups.set(key, commands);
    return () => groups.delete(key);
  }

  const byId = (id: string) => all.value.find((command) => command.id === id);
  return { all, add, byId };
});

/** Offers commands for as long as the calling component lives. */
export function useCommands(commands: readonly Command[]): void {
  onScopeDispose(useCommandRegistry().add(commands));
}
