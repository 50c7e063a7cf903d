import { defineStore } from 'pinia';
import { shallowRef } from 'vue';

/** The windows over the frame; one at a time. */
export type DialogName = 'palette' | 'keys';

export const useDialogs = defineStore('dialogs', () => {
  const shown = shallowRef<DialogName>();
  const open = (name: DialogName) => void (shown.value = name);
  const close = () => void (shown.value = undefined);
  return { shown, open, close };
});
