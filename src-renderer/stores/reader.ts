import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed } from 'vue';
import { Reader } from '#shared/annotation.ts';

/** Who reads at this window: marks and verdicts carry the name. Kept on this machine. */
export const useReader = defineStore('reader', () => {
  const typed = useLocalStorage('nidus.reader', 'Reader 1');
  /** The name in force: a field that was emptied changes nobody's name. */
  const name = computed(() => Reader.safeParse(typed.value).data ?? 'Reader 1');
  return { typed, name };
});
