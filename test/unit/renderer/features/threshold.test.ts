import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  percentileOf,
  sortedForeground,
  valueAtPercentile,
} from '../../../../src-renderer/features/inspect/model/threshold.ts';

const grid = { rows: 2, columns: 3 };

test('only patches that count take part', () => {
  const map = { ...grid, data: Float32Array.of(0, 5, 3, 0, 4, 9) };
  const foreground = { ...grid, data: Uint8Array.of(0, 1, 1, 0, 1, 0) };
  expect([...sortedForeground(map, foreground)]).toEqual([3, 4, 5]);
});

test('percentiles are linear between neighbours', () => {
  const sorted = Float32Array.of(0, 10, 20, 30, 40);
  expect([0, 25, 50, 98, 100].map((at) => valueAtPercentile(sorted, at))).toEqual([
    0,
    10,
    20,
    expect.closeTo(39.2, 5),
    40,
  ]);
  expect(percentileOf(sorted, 25)).toBe(62.5);
  expect([percentileOf(sorted, -1), percentileOf(sorted, 99)]).toEqual([0, 100]);
});

test('an empty foreground has no percentiles', () => {
  expect(valueAtPercentile(new Float32Array(), 50)).toBeNull();
  expect(percentileOf(new Float32Array(), 0.5)).toBeNull();
});

test('value and percentile are inverse to each other', () => {
  const values = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 2, maxLength: 60 });
  fc.assert(
    fc.property(values, fc.double({ min: 0, max: 100, noNaN: true }), (values, percentile) => {
      const sorted = Float32Array.from(values).sort();
      expect(percentileOf(sorted, valueAtPercentile(sorted, percentile)!)).toBeCloseTo(percentile, 6);
    }),
  );
});

test('a higher value never has a lower percentile', () => {
  const values = fc.array(fc.float({ noNaN: true, min: -10, max: 10 }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(values, fc.float({ noNaN: true }), fc.float({ noNaN: true }), (values, a, b) => {
      const sorted = Float32Array.from(values).sort();
      const [low, high] = a < b ? [a, b] : [b, a];
      expect(percentileOf(sorted, low)!).toBeLessThanOrEqual(percentileOf(sorted, high)!);
    }),
  );
});
