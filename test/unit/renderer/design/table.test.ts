import { expect, test } from 'vitest';
import type { TableColumn } from '../../../../src-renderer/design/table.ts';
import { nextSort, sortRows } from '../../../../src-renderer/design/table.ts';

interface Row {
  readonly name: string;
  readonly dice: number | null;
}

const rows: readonly Row[] = [
  { name: 'slice10', dice: 0.5 },
  { name: 'slice2', dice: null },
  { name: 'slice1', dice: 0.9 },
];
const name: TableColumn<Row> = { key: 'name', label: 'Name', sortBy: (row) => row.name };
const dice: TableColumn<Row> = { key: 'dice', label: 'Dice', numeric: true, sortBy: (row) => row.dice };
const names = (sorted: readonly Row[]) => sorted.map((row) => row.name);

test('names sort as people count', () => {
  expect(names(sortRows(rows, [name], { key: 'name', descending: false }))).toEqual([
    'slice1',
    'slice2',
    'slice10',
  ]);
});

test('undefined figures come last in both directions', () => {
  expect(names(sortRows(rows, [dice], { key: 'dice', descending: true }))).toEqual([
    'slice1',
    'slice10',
    'slice2',
  ]);
  expect(names(sortRows(rows, [dice], { key: 'dice', descending: false }))).toEqual([
    'slice10',
    'slice1',
    'slice2',
  ]);
});

test('the first click shows the largest figures or the first names, the second turns it round', () => {
  const first = nextSort(dice, undefined);
  expect(first).toEqual({ key: 'dice', descending: true });
  expect(nextSort(dice, first)).toEqual({ key: 'dice', descending: false });
  expect(nextSort(name, first)).toEqual({ key: 'name', descending: false });
});
