import { describe, expect, test } from 'vitest';
import { createRandom } from '#shared/random.ts';
import { componentColours } from '../../../src-engine/methods/explain/component-colours.ts';
import { extremeMatches, nearestCentroids } from '../../../src-engine/methods/explain/patch-matches.ts';

const grid = (rows: number, columns: number, dimension: number, values: readonly number[]) => ({
  rows,
  columns,
  dimension,
  data: Float32Array.from(values),
});
const all = (rows: number, columns: number) => ({
  rows,
  columns,
  data: new Uint8Array(rows * columns).fill(1),
});

describe('matches of a patch', () => {
  const support = grid(2, 2, 2, [1, 0, 0, 2, -3, 0, 1, 1]);

  test('are the most and the least similar patches, length left aside', () => {
    const found = extremeMatches(Float32Array.of(0, 5), support, all(2, 2));
    expect(found?.best).toEqual({ row: 0, column: 1, similarity: 1 });
    expect(found?.worst).toMatchObject({ similarity: 0 });
    expect(extremeMatches(Float32Array.of(9, 0), support, all(2, 2))?.worst).toEqual({
      row: 1,
      column: 0,
      similarity: -1,
    });
  });

  test('are looked for in the foreground alone', () => {
    const counted = { rows: 2, columns: 2, data: Uint8Array.of(1, 0, 0, 0) };
    expect(extremeMatches(Float32Array.of(0, 5), support, counted)?.best).toMatchObject({
      row: 0,
      column: 0,
    });
    expect(
      extremeMatches(Float32Array.of(0, 5), support, { ...counted, data: new Uint8Array(4) }),
    ).toBeNull();
  });

  test('centroids are found by angle, background has none', () => {
    const counted = { rows: 2, columns: 2, data: Uint8Array.of(1, 1, 0, 1) };
    expect([...nearestCentroids(support, counted, Float32Array.of(2, 0.1, 0.1, 9))]).toEqual([0, 1, -1, 0]);
  });
});

describe('components as colours', () => {
  test('are those of numpy: projections on the first eigenvectors of the covariance', () => {
    // Three directions of very different variance, so that each channel must follow one of them.
    const random = createRandom(5);
    const count = 200;
    const factors = Array.from({ length: count }, () => [0, 1, 2].map(() => random.next() - 0.5));
    const data = factors.flatMap(([a, b, c]) => [9 * a! + 3, 0.1, 3 * b! - 1, c!]);
    const [colours] = componentColours([{ features: grid(10, 20, 4, data), counted: all(10, 20) }]);
    for (const channel of [0, 1, 2]) {
      const shades = factors.map((_, i) => colours![i * 3 + channel]!);
      expect(
        Math.abs(
          correlation(
            shades,
            factors.map((factor) => factor[channel]!),
          ),
        ),
      ).toBeGreaterThan(0.98);
      expect(Math.min(...shades)).toBe(0);
      expect(Math.max(...shades)).toBe(1);
    }
  });

  test('are missing in the background, and flat where nothing varies', () => {
    const features = grid(1, 3, 2, [1, 1, 1, 1, 9, 9]);
    const counted = { rows: 1, columns: 3, data: Uint8Array.of(1, 1, 0) };
    const [colours] = componentColours([{ features, counted }]);
    expect([...colours!]).toEqual([0.5, 0.5, 0.5, 0.5, 0.5, 0.5, NaN, NaN, NaN]);
  });
});

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((x, y) => x + y, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * (y[i]! - my), 0);
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
}
