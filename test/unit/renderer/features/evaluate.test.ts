import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisTop, binOf, outline } from '../../../../src-renderer/features/evaluate/histogram.ts';
import { activeRun, latestScored } from '../../../../src-renderer/features/inspect/model/runs.ts';
import { studyRun } from './fixtures.ts';

test('an outline gives shares of its own class', () => {
  expect(outline([0, 1, 2], [3, 1])).toEqual({
    points: [
      [0, 75],
      [1, 25],
      [2, 25],
    ],
    counts: [3, 1],
    total: 4,
  });
  expect(outline([0, 1], [0]).points.map(([, share]) => share)).toEqual([0, 0]);
});

test('one outstanding bin is cut off, a tall hill is not', () => {
  const pile = outline([0, 1, 2, 3], [900, 50, 50]);
  const hill = outline([0, 1, 2, 3], [50, 40, 10]);
  expect(axisTop([pile])).toEqual({ top: 6.25, cut: { score: 0, share: 90 } });
  expect(axisTop([hill])).toEqual({ top: 50, cut: null });
  expect(axisTop([outline([0, 1], [0])])).toEqual({ top: 0, cut: null });
});

test('every score falls into the bin whose edges hold it', () => {
  const edges = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 20 });
  fc.assert(
    fc.property(edges, fc.double({ min: 0, max: 1, noNaN: true }), (unsorted, part) => {
      const edges = unsorted.toSorted((a, b) => a - b);
      const score = edges[0]! + part * (edges.at(-1)! - edges[0]!);
      const bin = binOf(edges, score);
      expect(score).toBeGreaterThanOrEqual(edges[bin]!);
      expect(score).toBeLessThanOrEqual(edges[bin + 1]!);
    }),
  );
  expect([binOf([0, 1, 2], -5), binOf([0, 1, 2], 9)]).toEqual([0, 1]);
});

test('the latest run is the newest that scored something and rests', () => {
  const runs = [
    studyRun(1),
    studyRun(2, { state: 'cancelled', done: 4 }),
    studyRun(3, { state: 'failed', done: 0 }),
    studyRun(4, { state: 'running', done: 2 }),
  ];
  expect(latestScored(runs)?.id).toBe(2);
  expect(activeRun(runs)?.id).toBe(4);
  expect(latestScored([])).toBeNull();
});
