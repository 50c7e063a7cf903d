import { useEventListener } from '@vueuse/core';
import { ref, type Ref } from 'vue';
import { useKeyBindings, type Bindable } from '../../commands/bindings.ts';

/** Hides what is laid over the images while it is held; named in the sheet of keys by a command of this id. */
export const hideOverlay: Bindable = { id: 'inspect.overlay', keys: ['G'] };

/** Whether the key of a command is held down, outside of fields. The key press itself goes on to the shortcuts. */
export function useHeldKey(command: Bindable): Readonly<Ref<boolean>> {
  const bindings = useKeyBindings();
  const held = ref(false);
  const isIt = ({ key }: KeyboardEvent) =>
    bindings.keysOf(command).some((one) => one.toLowerCase() === key.toLowerCase());
  const isField = (target: EventTarget | null) =>
    target instanceof HTMLElement &&
    target.closest('input:not([type=radio], [type=checkbox]), textarea, select, [role=dialog]') !== null;

  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && isIt(event) && !isField(event.target)) held.value = true;
  });
  useEventListener(window, 'keyup', (event: KeyboardEvent) => {
    if (isIt(event)) held.value = false;
  });
  // A key let go in another window is never heard of.
  useEventListener(window, 'blur', () => (held.value = false));
  return held;
}
