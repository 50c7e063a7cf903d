export interface Page<Item> {
  readonly items: readonly Item[];
  /** What to ask with for those after; null where there are none. */
  readonly next: number | null;
}

/**
 * All items of a long list, page by page. `show` gets what is there after the first page, and whenever it has doubled:
 * often enough to begin with, seldom enough that a hundred thousand are not sorted a hundred times.
 */
export async function allPages<Item>(
  ask: (after: number | null) => Promise<Page<Item>>,
  signal: AbortSignal,
  show: (items: readonly Item[]) => void,
): Promise<Item[]> {
  const all: Item[] = [];
  let after: number | null = null;
  for (let shown = 0; ;) {
    const { items, next }: Page<Item> = await ask(after);
    all.push(...items);
    // Asked again meanwhile: nobody waits for the rest of this answer.
    if (next === null || signal.aborted) return all;
    after = next;
    if (all.length < 2 * shown) continue;
    shown = all.length;
    show([...all]);
  }
}
