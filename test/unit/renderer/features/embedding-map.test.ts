import { describe, expect, test } from 'vitest';
import { fitPoints, isInside, nearestPoint } from '../../../../src-renderer/features/references/scatter.ts';

describe('the embedding map', () => {
  test('fits points into the box on one scale, y upwards', () => {
    const places = fitPoints([0, 0, 10, 0, 10, 5], 220, 120, 10);
    expect(places).toEqual([
      { x: 10, y: 110 },
      { x: 210, y: 110 },
      { x: 210, y: 10 },
    ]);
  });

  test('puts a single point, or equal ones, in the middle', () => {
    expect(fitPoints([3, 4, 3, 4], 100, 60, 10)).toEqual([
      { x: 50, y: 30 },
      { x: 50, y: 30 },
    ]);
    expect(fitPoints([], 100, 60, 10)).toEqual([]);
  });

  test('catches what lies inside a lasso, however it bends', () => {
    const bent = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 10, y: 10 },
      { x: 5, y: 3 },
      { x: 0, y: 10 },
    ];
    expect(isInside({ x: 5, y: 1 }, bent)).toBe(true);
    expect(isInside({ x: 1, y: 6 }, bent)).toBe(true);
    expect(isInside({ x: 5, y: 6 }, bent)).toBe(false);
    expect(isInside({ x: 11, y: 5 }, bent)).toBe(false);
  });

  test('picks the nearest point within reach', () => {
    const places = [
      { x: 0, y: 0 },
      { x: 6, y: 0 },
    ];
    expect(nearestPoint(places, { x: 4, y: 0 }, 8)).toBe(1);
    expect(nearestPoint(places, { x: 40, y: 0 }, 8)).toBeUndefined();
  });
});
