/** What the cells of the grid show, and how many there are. Pure. */
import { z } from 'zod';

const cellKinds = [
  'query',
  'support',
  'map',
  'truth',
  'difference',
  'clusters',
  'support-clusters',
  'features',
  'support-features',
  'other-map',
] as const;
export const CellKind = z.enum(cellKinds);
export type CellKind = z.infer<typeof CellKind>;

const cellNames: Readonly<Record<CellKind, string>> = {
  query: 'Query',
  support: 'Support',
  map: 'Anomaly map',
  truth: 'Ground truth',
  difference: 'Difference',
  clusters: 'Clusters',
  'support-clusters': 'Support clusters',
  features: 'Features',
  'support-features': 'Support features',
  'other-map': 'Map of B',
};

/** What a cell can be told to show. */
export const cellOptions = cellKinds.map((value) => ({ value, label: cellNames[value] }));

/** Whether a cell stands on a support image rather than on the query. */
export const showsSupport = (kind: CellKind): boolean => kind.startsWith('support');

/** Two pictures in one cell: the second behind a curtain that can be drawn, or both in turn. */
export const Comparing = z.object({ how: z.enum(['curtain', 'flicker']), with: CellKind });
export type Comparing = z.infer<typeof Comparing>;

export const largestSide = 4;

export const Cell = z.object({
  kind: CellKind,
  /** Which of the support images, from 0; the last one there is when there are fewer. */
  support: z.int().min(0),
  comparing: Comparing.nullable(),
  /** Raw or min-max, of the scale in use; counts only while thresholds are not linked. */
  threshold: z.number().nullable(),
});
export type Cell = z.infer<typeof Cell>;

/** Cells row by row. What does not fit a smaller grid is kept for when it grows again. */
export const Layout = z.object({
  rows: z.int().min(1).max(largestSide),
  columns: z.int().min(1).max(largestSide),
  cells: z
    .array(Cell)
    .min(1)
    .max(largestSide ** 2),
});
export type Layout = z.infer<typeof Layout>;

/** What all cells have in common; switched off, each has its own. */
export const Links = z.object({
  /** The wheel goes through the images in every cell; otherwise it goes through the support images in theirs. */
  scroll: z.boolean(),
  view: z.boolean(),
  window: z.boolean(),
  threshold: z.boolean(),
});
export type Links = z.infer<typeof Links>;
export const allLinked: Links = { scroll: true, view: true, window: true, threshold: true };

export const cellOf = (kind: CellKind, support = 0): Cell => ({
  kind,
  support,
  comparing: null,
  threshold: null,
});

const fillers: readonly CellKind[] = [
  'query',
  'support',
  'map',
  'difference',
  'truth',
  'clusters',
  'features',
];

export const defaultLayout: Layout = {
  rows: 2,
  columns: 2,
  cells: fillers.slice(0, 4).map((kind) => cellOf(kind)),
};

/** A number of rows and columns; new cells show what the others do not, then further support images. */
export function resized({ cells }: Layout, rows: number, columns: number): Layout {
  const next = [...cells];
  while (next.length < rows * columns) {
    const missing = fillers.find((kind) => !next.some((cell) => cell.kind === kind));
    const supports = next.filter(({ kind }) => kind === 'support').length;
    next.push(missing ? cellOf(missing) : cellOf('support', supports));
  }
  return { rows, columns, cells: next };
}

/** What the reader sees of a layout. */
export const shownCells = ({ rows, columns, cells }: Layout): readonly Cell[] =>
  cells.slice(0, rows * columns);

export function changedCell(layout: Layout, index: number, patch: Partial<Cell>): Layout {
  return {
    ...layout,
    cells: layout.cells.map((cell, at) => (at === index ? { ...cell, ...patch } : cell)),
  };
}

/** Names as the reader sees them: numbered where two cells show the same kind. */
export function cellTitles(cells: readonly Cell[]): string[] {
  const seen = new Map<CellKind, number>();
  return cells.map(({ kind }) => {
    const count = (seen.get(kind) ?? 0) + 1;
    seen.set(kind, count);
    return count === 1 ? cellNames[kind] : `${cellNames[kind]} ${count}`;
  });
}

/** The support images that some cell shows. */
export function supportsOf(cells: readonly Cell[]): number[] {
  const wanted = cells.flatMap(({ kind, support, comparing }) =>
    showsSupport(kind) || (comparing && showsSupport(comparing.with)) ? [support] : [],
  );
  return [...new Set(wanted)].sort((a, b) => a - b);
}

/** Whether some cell, or what it is compared with, shows one of these. */
export const someShow = (cells: readonly Cell[], kinds: readonly CellKind[]): boolean =>
  cells.some(({ kind, comparing }) => kinds.includes(kind) || (comparing && kinds.includes(comparing.with)));
