/** How thumbnails are laid out, and where the cursor keys lead. */

export interface GridGeometry {
  readonly columns: number;
  readonly rows: number;
  /** Width of a tile in CSS pixels: the columns share the whole width. */
  readonly tile: number;
  /** Height of a row with its gap. */
  readonly rowHeight: number;
}

export const gridGap = 8;
const captionHeight = 24;

export function gridGeometry(width: number, wantedTile: number, count: number): GridGeometry {
  const columns = Math.max(1, Math.floor((width + gridGap) / (wantedTile + gridGap)));
  const tile = Math.max(1, Math.floor((width - gridGap * (columns - 1)) / columns));
  return { columns, rows: Math.ceil(count / columns), tile, rowHeight: tile + captionHeight + gridGap };
}

/** The index a key leads to from `index`, or undefined when the key does not move the cursor. */
export function movedIndex(
  key: string,
  index: number,
  count: number,
  columns: number,
  rowsInSight: number,
): number | undefined {
  if (count === 0) return undefined;
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
    PageUp: -columns * Math.max(1, rowsInSight),
    PageDown: columns * Math.max(1, rowsInSight),
  };
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  const step = steps[key];
  if (step === undefined) return undefined;
  const next = index + step;
  // Up from the first row stays; down into a shorter last row lands on its end.
  if (next < 0) return Math.abs(step) === 1 ? 0 : index % columns;
  return Math.min(next, count - 1);
}
