import fc from 'fast-check';
import { expect, test } from 'vitest';
import { gridGap, gridGeometry, movedIndex } from '../../../../src-renderer/features/images/gridGeometry.ts';

test('tiles fill the width and hold all images', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 4000 }),
      fc.integer({ min: 72, max: 256 }),
      fc.integer({ min: 0, max: 100_000 }),
      (width, tile, count) => {
        const grid = gridGeometry(width, tile, count);
        const used = grid.columns * grid.tile + (grid.columns - 1) * gridGap;
        expect(used).toBeLessThanOrEqual(width);
        expect(width - used).toBeLessThan(grid.columns);
        expect(grid.rows * grid.columns).toBeGreaterThanOrEqual(count);
      },
    ),
  );
});

test('the cursor stays among the images', () => {
  const keys = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End'];
  fc.assert(
    fc.property(
      fc.constantFrom(...keys),
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(),
      (key, count, columns, start) => {
        const to = movedIndex(key, start % count, count, columns, 4);
        expect(to).toBeGreaterThanOrEqual(0);
        expect(to).toBeLessThan(count);
      },
    ),
  );
});

test('rows and columns', () => {
  expect(movedIndex('ArrowDown', 1, 10, 4, 2)).toBe(5);
  expect(movedIndex('ArrowDown', 7, 10, 4, 2)).toBe(9);
  expect(movedIndex('ArrowUp', 2, 10, 4, 2)).toBe(2);
  expect(movedIndex('PageUp', 9, 10, 4, 2)).toBe(1);
  expect(movedIndex('x', 2, 10, 4, 2)).toBeUndefined();
  expect(movedIndex('Home', 0, 0, 4, 2)).toBeUndefined();
});
