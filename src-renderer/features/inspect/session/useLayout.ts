import { computed, ref, shallowRef } from 'vue';
import {
  cellTitles,
  changedCell,
  resized,
  shownCells,
  supportsOf,
  type Cell,
  type Links,
} from '../cells/cell.ts';
import type { InspectPreferences } from './usePreferences.ts';

/** Which cells there are, what they show, and which of it they share. */
export function useLayout({ preferences, update }: InspectPreferences) {
  const layout = computed(() => preferences.value.layout);
  const cells = computed(() => shownCells(layout.value));
  /** The cell that was pressed last: what is not linked changes there. */
  const touched = ref(0);
  const active = computed(() => Math.min(touched.value, cells.value.length - 1));
  /** One cell alone, after a double click on it. */
  const alone = shallowRef<number | null>(null);
  const change = (index: number, patch: Partial<Cell>) =>
    update({ layout: changedCell(layout.value, index, patch) });

  return {
    layout,
    cells,
    titles: computed(() => cellTitles(cells.value)),
    links: computed(() => preferences.value.links),
    active,
    alone,
    change,
    supports: computed(() => supportsOf(cells.value)),
    activate(index: number): void {
      touched.value = index;
    },
    toggleAlone(index: number): void {
      alone.value = alone.value === null ? index : null;
    },
    setGrid(rows: number, columns: number): void {
      alone.value = null;
      update({ layout: resized(layout.value, rows, columns) });
    },
    setLink(link: keyof Links, linked: boolean): void {
      update({ links: { ...preferences.value.links, [link]: linked } });
    },
    /** Puts a support image into the cell in use if it shows one, else into the first that does. */
    showSupport(support: number): void {
      const own = cells.value[active.value]?.kind === 'support' ? active.value : -1;
      const index = own === -1 ? cells.value.findIndex(({ kind }) => kind === 'support') : own;
      if (index !== -1) change(index, { support });
    },
  };
}

export type CellLayout = ReturnType<typeof useLayout>;
