import { useEventListener } from '@vueuse/core';
import { onScopeDispose } from 'vue';
import { useImport } from '../features/imports/importStore.ts';
import type { Command } from './command.ts';
import { runCommand, useCommandRegistry } from './command.ts';
import type { KeyPress } from './keys.ts';
import { useKeyBindings } from './bindings.ts';
import { isModifier, matchesKeys } from './keys.ts';
import { useCommandMemory } from './known-commands.ts';

const sequencePause = 1000;

const textFields =
  'input:not([type=radio], [type=checkbox], [type=button]), textarea, select, [contenteditable]';
const ownKeyboard = '[role=dialog], [role=alertdialog], [role=menu]';

/** Whether the focused element wants this key for itself. */
function keepsKey(target: EventTarget | null, event: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest(textFields) !== null || target.closest(ownKeyboard) !== null) return true;
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (plain && (event.key === 'Enter' || event.key === ' ')) {
    return target.closest('button, a, summary, [role=button], input') !== null;
  }
  return event.key.startsWith('Arrow') && target.closest('input[type=radio], [role=tab]') !== null;
}

/** Turns key presses and native menu items into commands, for as long as the calling component lives. */
export function useShortcuts(): void {
  const registry = useCommandRegistry();
  const bindings = useKeyBindings();
  useCommandMemory(() => registry.all);
  let presses: (KeyPress & { at: number })[] = [];

  function find(kept: boolean): Command | undefined {
    return registry.all.find(
      (command) =>
        (!kept || command.whileTyping === true) &&
        bindings.keysOf(command).some((shortcut) => matchesKeys(shortcut, presses)) &&
        command.enabled(),
    );
  }

  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing || isModifier(event)) return;
    const { key, code, ctrlKey, metaKey, altKey, shiftKey, timeStamp: at } = event;
    presses = [
      ...presses.filter((press) => at - press.at < sequencePause),
      { key, code, ctrlKey, metaKey, altKey, shiftKey, at },
    ];
    const command = find(keepsKey(event.target, event));
    if (command === undefined) return;
    event.preventDefault();
    presses = [];
    void runCommand(command);
  });

  const leave = window.nidusDesktop?.onCommand((id, paths) => {
    // Files Nidus was started with are no command of a key or a button: they go straight to the import.
    if (id === 'import.paths') return void useImport().take({ kind: 'paths', paths });
    const command = registry.byId(id);
    if (command !== undefined) void runCommand(command);
  });
  onScopeDispose(() => leave?.());
}
