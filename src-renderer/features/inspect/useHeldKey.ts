import { useEventListener } from '@vueuse/core';
import { ref, type Ref } from 'vue';

/** Whether a letter key is held down, outside of fields. The key press itself goes on to the shortcuts. */
export function useHeldKey(letter: string): Readonly<Ref<boolean>> {
  const held = ref(false);
  const isField = (target: EventTarget | null) =>
    target instanceof HTMLElement &&
    target.closest('input:not([type=radio], [type=checkbox]), textarea, select, [role=dialog]') !== null;

  useEventListener(window, 'keydown', (event: KeyboardEvent) => {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (plain && event.key.toLowerCase() === letter && !isField(event.target)) held.value = true;
  });
  useEventListener(window, 'keyup', (event: KeyboardEvent) => {
    if (event.key.toLowerCase() === letter) held.value = false;
  });
  // A key let go in another window is never heard of.
  useEventListener(window, 'blur', () => (held.value = false));
  return held;
}
