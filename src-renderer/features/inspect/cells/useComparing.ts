import { useIntervalFn } from '@vueuse/core';
import { computed, shallowRef, watch } from 'vue';
import type { Session } from '../session/session.ts';
import { cellOptions, type Cell, type CellKind } from './cell.ts';

const hows = [
  { value: 'curtain', label: 'curtain' },
  { value: 'flicker', label: 'flicker' },
] as const;

/** Milliseconds that flicker shows either picture. */
const flickerTime = 600;

/** The second picture of a cell: which one, and how the two are compared. */
export function useComparing(layout: Session['layout'], cell: () => Cell, index: () => number) {
  const curtainAt = shallowRef(0.5);
  const flickerOn = shallowRef(false);
  const flicker = useIntervalFn(() => (flickerOn.value = !flickerOn.value), flickerTime, {
    immediate: false,
  });
  watch(
    () => cell().comparing?.how,
    (how) => (how === 'flicker' ? flicker.resume() : flicker.pause()),
    { immediate: true },
  );

  const compared = computed({
    get: (): CellKind | '' => cell().comparing?.with ?? '',
    set: (kind) =>
      layout.change(index(), {
        comparing: kind === '' ? null : { how: cell().comparing?.how ?? 'curtain', with: kind },
      }),
  });

  return {
    curtainAt,
    /** Where the second picture begins, as a fraction of the width; null while it is not drawn. */
    drawn: computed(() => {
      const { comparing } = cell();
      if (!comparing) return null;
      if (comparing.how === 'curtain') return curtainAt.value;
      return flickerOn.value ? 0 : null;
    }),
    compared,
    comparisons: computed(() => [
      { value: '' as const, label: 'nothing' },
      ...cellOptions.filter(({ value }) => value !== cell().kind),
    ]),
    hows,
    how: computed({
      get: () => cell().comparing?.how ?? 'curtain',
      set: (how) => {
        const { comparing } = cell();
        if (comparing) layout.change(index(), { comparing: { ...comparing, how } });
      },
    }),
    toggleComparing(): void {
      const { comparing, kind } = cell();
      compared.value = comparing ? '' : kind === 'map' ? 'query' : 'map';
    },
  };
}
