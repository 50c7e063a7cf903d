import { expect, test } from 'vitest';
import { ImageId } from '#shared/domain.ts';
import {
  choose,
  chooseAll,
  emptySelection,
  keepExisting,
} from '../../../../src-renderer/features/images/selection.ts';

const id = (n: number) => ImageId.parse(n);
const order = [1, 2, 3, 4, 5].map(id);
const plain = { shift: false, mod: false };
const shift = { shift: true, mod: false };
const mod = { shift: false, mod: true };
const chosen = (selection: { chosen: ReadonlySet<ImageId> }) => [...selection.chosen].sort((a, b) => a - b);

test('a click chooses one, Ctrl adds and takes away', () => {
  const one = choose(emptySelection, id(2), order, plain);
  expect(chosen(one)).toEqual([2]);
  const two = choose(one, id(4), order, mod);
  expect(chosen(two)).toEqual([2, 4]);
  expect(chosen(choose(two, id(2), order, mod))).toEqual([4]);
  expect(chosen(choose(two, id(5), order, plain))).toEqual([5]);
});

test('Shift reaches from the anchor in either direction and can shrink again', () => {
  const start = choose(emptySelection, id(3), order, plain);
  const down = choose(start, id(5), order, shift);
  expect(chosen(down)).toEqual([3, 4, 5]);
  const up = choose(down, id(1), order, shift);
  expect(chosen(up)).toEqual([1, 2, 3]);
  expect(up.anchor).toBe(3);
  expect(up.cursor).toBe(1);
});

test('Shift and Ctrl together add a range', () => {
  const first = choose(choose(emptySelection, id(1), order, plain), id(4), order, mod);
  expect(chosen(choose(first, id(5), order, { shift: true, mod: true }))).toEqual([1, 4, 5]);
});

test('what is gone leaves the selection', () => {
  const all = chooseAll(choose(emptySelection, id(2), order, plain), order);
  const left = keepExisting(all, new Set([id(1), id(3)]));
  expect(chosen(left)).toEqual([1, 3]);
  expect(left.cursor).toBeUndefined();
});
