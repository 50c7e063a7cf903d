import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scoreAt } from '../../../../src-renderer/viewer/probe.ts';
import { steepest } from '../../../../src-renderer/viewer/steepest.ts';

const maps = fc
  .record({ rows: fc.integer({ min: 1, max: 5 }), columns: fc.integer({ min: 1, max: 5 }) })
  .chain(({ rows, columns }) =>
    fc
      .array(fc.float({ min: -8, max: 8, noNaN: true }), {
        minLength: rows * columns,
        maxLength: rows * columns,
      })
      .map((data) => ({ rows, columns, data: Float32Array.from(data) })),
  );
const part = fc.double({ min: 0, max: 0.999, noNaN: true });

test('no two points of a map differ by more than the steepest step allows', () => {
  fc.assert(
    fc.property(maps, part, part, part, part, (map, x1, y1, x2, y2) => {
      const image = { width: map.columns, height: map.rows };
      const at = (x: number, y: number) => scoreAt({ map }, image, [x * map.columns, y * map.rows])!;
      const { across, down } = steepest(map);
      const most = across * Math.abs(x1 - x2) * map.columns + down * Math.abs(y1 - y2) * map.rows;
      expect(Math.abs(at(x1, y1) - at(x2, y2))).toBeLessThanOrEqual(most + 1e-6);
    }),
  );
});

test('a map of one column has steps down alone', () => {
  expect(steepest({ rows: 2, columns: 1, data: Float32Array.of(0, -1) })).toEqual({ across: 0, down: 1 });
});

test('beside a missing score every step is allowed', () => {
  expect(steepest({ rows: 1, columns: 3, data: Float32Array.of(0, NaN, 0) })).toEqual({
    across: Infinity,
    down: 0,
  });
});
