/** Sorting of a table by one column. */

export interface TableColumn<Row> {
  readonly key: string;
  readonly label: string;
  /** Figures stand right-aligned. */
  readonly numeric?: boolean;
  /** CSS width. */
  readonly width?: string;
  /** Text of a cell, when the slot `cell-<key>` does not draw it. */
  readonly text?: (row: Row) => string;
  /** Makes the column sortable; null sorts last in both directions. */
  readonly sortBy?: (row: Row) => number | string | null;
}

export interface TableSort {
  readonly key: string;
  readonly descending: boolean;
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

/** A sorted copy; rows of equal rank keep their order. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly TableColumn<Row>[],
  sort: TableSort | undefined,
): readonly Row[] {
  const sortBy = columns.find((column) => column.key === sort?.key)?.sortBy;
  if (sort === undefined || sortBy === undefined) return rows;
  const direction = sort.descending ? -1 : 1;
  return rows
    .map((row) => ({ row, rank: sortBy(row) }))
    .sort((a, b) => {
      if (a.rank === null || b.rank === null) return Number(a.rank === null) - Number(b.rank === null);
      return direction * compare(a.rank, b.rank);
    })
    .map(({ row }) => row);
}

/** The sort after a click on a column head: figures start with the largest, text with A. */
export function nextSort<Row>(column: TableColumn<Row>, sort: TableSort | undefined): TableSort {
  if (sort?.key !== column.key) return { key: column.key, descending: column.numeric === true };
  return { key: column.key, descending: !sort.descending };
}
