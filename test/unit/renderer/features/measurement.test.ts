import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { scaleBar } from '../../../../src-renderer/features/inspect/cells/scale-bar.ts';
import { lettersOnScreen } from '../../../../src-renderer/features/inspect/cells/edges.ts';
import {
  angle,
  areaOf,
  areaStatistics,
  distance,
} from '../../../../src-renderer/features/inspect/measure/measurement.ts';
import {
  measurementLines,
  valueText,
} from '../../../../src-renderer/features/inspect/measure/measurement-text.ts';

const spacing = { row: 2, column: 0.5 };
const pixels = {
  width: 4,
  height: 3,
  channels: 1,
  bits: 16,
  data: Int16Array.of(0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23),
} as const;

describe('lengths and angles', () => {
  test('count the spacing of either axis', () => {
    expect(distance([0, 0], [3, 4], null)).toBe(5);
    expect(distance([0, 0], [6, 2], spacing)).toBe(5);
    expect(angle([1, 0], [0, 0], [0, 1], null)).toBeCloseTo(90);
    expect(angle([4, 0], [0, 0], [4, 1], spacing)).toBeCloseTo(45);
    expect(areaOf({ kind: 'rectangle', from: [1, 1], to: [3, 0] }, spacing)).toBe(2);
    expect(areaOf({ kind: 'ellipse', from: [0, 0], to: [2, 2] }, null)).toBeCloseTo(Math.PI);
  });

  test('an angle does not depend on the order of its arms, nor on how long they are', () => {
    const coordinate = fc.double({ min: 1, max: 50, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, coordinate, coordinate, (a, b, c, d) => {
        const found = angle([a, b], [0, 0], [c, d], spacing);
        expect(angle([c, d], [0, 0], [a, b], spacing)).toBeCloseTo(found, 9);
        expect(angle([3 * a, 3 * b], [0, 0], [c, d], spacing)).toBeCloseTo(found, 4);
      }),
    );
  });
});

describe('values inside an area', () => {
  test('are those of the pixels whose centre lies inside, rescaled', () => {
    const found = areaStatistics({ kind: 'rectangle', from: [3, 2], to: [0.9, 0] }, pixels, null);
    expect(found).toEqual({ count: 4, mean: 6.5, deviation: expect.closeTo(5.8023, 4), min: 1, max: 12 });
    const rescaled = areaStatistics({ kind: 'rectangle', from: [0, 0], to: [4, 3] }, pixels, {
      slope: 2,
      intercept: -1024,
      unit: 'HU',
    });
    expect(rescaled).toMatchObject({ count: 12, mean: 2 * 11.5 - 1024, min: -1024, max: -978 });
  });

  test('of an ellipse leave the corners out, and outside the image there are none', () => {
    expect(areaStatistics({ kind: 'ellipse', from: [0, 0], to: [3, 3] }, pixels, null)?.count).toBe(9);
    expect(areaStatistics({ kind: 'ellipse', from: [0, 0], to: [4, 3] }, pixels, null)?.count).toBe(8);
    expect(areaStatistics({ kind: 'rectangle', from: [-5, -5], to: [-1, -1] }, pixels, null)).toBeNull();
  });
});

test('say millimetres and Hounsfield units only where they are known', () => {
  const id = '8e0b3f6e-6c1f-4d0c-9a51-4d2f9f2b7c11';
  expect(
    measurementLines({ id, kind: 'length', from: [0, 0], to: [6, 2] }, pixels, { spacing, rescale: null }),
  ).toEqual(['5.00 mm']);
  expect(
    measurementLines({ id, kind: 'length', from: [0, 0], to: [3, 4] }, pixels, {
      spacing: null,
      rescale: null,
    }),
  ).toEqual(['5.0 px']);
  expect(valueText(1064, { slope: 1, intercept: -1024, unit: 'HU' }, false)).toBe('40 HU');
  expect(valueText(7, null, false)).toBe('7');
});

test('a scale bar is a round number of millimetres and not longer than its room', () => {
  expect(scaleBar(4, 100)).toEqual({ pixels: 80, text: '2 cm' });
  expect(scaleBar(400, 100)).toEqual({ pixels: 80, text: '200 µm' });
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e4, noNaN: true }), (scale) => {
      const { pixels: length } = scaleBar(scale, 100)!;
      expect(length).toBeLessThanOrEqual(100.0001);
      expect(length).toBeGreaterThan(39.9);
    }),
  );
});

test('letters turn with the image', () => {
  const edges = { left: 'R', right: 'L', top: 'A', bottom: 'P' };
  expect(lettersOnScreen(edges, { turns: 1, mirrored: false })).toEqual({
    left: 'P',
    right: 'A',
    top: 'R',
    bottom: 'L',
  });
  expect(lettersOnScreen(edges, { turns: 0, mirrored: true })).toEqual({ ...edges, left: 'L', right: 'R' });
});
