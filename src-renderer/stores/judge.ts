import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import { computed, shallowRef } from 'vue';
import { useReader } from './reader.ts';

/** What the figures of an image are taken against: the imported mask, or what the reader drew. Kept on this machine. */
export const useJudge = defineStore('judge', () => {
  const against = useLocalStorage<'imported' | 'annotation'>('nidus.judge', 'imported');
  const reader = useReader();
  /** Grows when what is drawn was stored: figures against it have to be taken again. */
  const stored = shallowRef(0);
  return {
    against,
    annotationOf: computed(() => (against.value === 'annotation' ? reader.name : null)),
    stored,
    noteStored: () => void (stored.value += 1),
  };
});
