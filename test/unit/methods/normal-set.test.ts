import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  coveringRows,
  detailCorrelation,
  detailSize,
  groupsOf,
  pictureDetails,
  quantile,
  sketchDetails,
  upperFence,
} from '#engine/methods/normal-set/index.ts';
import { greedyCoreset } from '#engine/methods/patchcore/index.ts';
import { principalPlane } from '#engine/methods/linear-algebra/principal-plane.ts';
import { squaredDistanceRows } from '#engine/methods/linear-algebra/vectors.ts';
import { createRandom } from '#shared/random.ts';

const rowsOf = (seed: number, count: number, dimension: number) => {
  const random = createRandom(seed);
  return {
    data: Float32Array.from({ length: count * dimension }, () => random.next() - 0.5),
    count,
    dimension,
  };
};

describe('the fence', () => {
  test('is the modified z-score of 3.5 of the logarithms, by hand', () => {
    // Logarithms 0 .. 8: median 4, median deviation 2.
    const values = Array.from({ length: 9 }, (_, i) => Math.exp(i));
    expect(upperFence(values)).toBeCloseTo(Math.exp(4 + 3.5 * 1.4826 * 2), 6);
    expect(upperFence(values.slice(0, 7))).toBeNull();
    expect(quantile([3, 1, 2], 0.5)).toBe(2);
  });

  test('moves with the unit of the values', () => {
    const values = fc.array(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(values, fc.double({ min: 0.01, max: 100, noNaN: true }), (list, unit) => {
        const scaled = upperFence(list.map((value) => value * unit))!;
        expect(scaled / (upperFence(list)! * unit)).toBeCloseTo(1, 6);
      }),
    );
  });
});

describe('groups', () => {
  test('join whatever pairs connect, whatever their order', () => {
    const pairs: [number, number][] = [
      [4, 1],
      [2, 3],
      [1, 0],
    ];
    expect(groupsOf(6, pairs)).toEqual([
      [0, 1, 4],
      [2, 3],
    ]);
    expect(groupsOf(6, pairs.toReversed())).toEqual(groupsOf(6, pairs));
  });
});

describe('greedy k-center', () => {
  test('covers every row within the radius, and takes what a coreset of that size takes', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1.2, noNaN: true }),
        (seed, count, radius) => {
          const rows = rowsOf(seed, count, 5);
          const taken = coveringRows(rows, [0], radius);
          for (let i = 0; i < count; i++) {
            const nearest = Math.min(
              ...taken.map((row) => squaredDistanceRows(rows.data, i, rows.data, row, 5)),
            );
            expect(nearest).toBeLessThanOrEqual(radius * radius);
          }
          expect(taken).toEqual([...greedyCoreset(rows, taken.length, 0).indices]);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('the principal plane', () => {
  test('keeps the distances of rows that lie in a plane', () => {
    const random = createRandom(3);
    const [u, v] = [
      Array.from({ length: 12 }, () => random.next() - 0.5),
      Array.from({ length: 12 }, () => random.next() - 0.5),
    ];
    const places = Array.from({ length: 30 }, () => [3 * random.next(), random.next()] as const);
    const rows = Float32Array.from(
      places.flatMap(([a, b]) => u.map((value, d) => 7 + a * value + b * v[d]!)),
    );
    const plane = principalPlane(rows, 30, 12);
    for (let i = 0; i < 30; i++)
      for (let j = 0; j < i; j++)
        expect(squaredDistanceRows(plane, i, plane, j, 2)).toBeCloseTo(
          squaredDistanceRows(rows, i, rows, j, 12),
          4,
        );
  });
});

describe('picture details', () => {
  const grey = (seed: number) => {
    const random = createRandom(seed);
    return Uint8Array.from(
      { length: detailSize ** 2 },
      (_, i) => 90 + 60 * Math.sin((i % detailSize) / 9) + 30 * random.next(),
    );
  };

  test('survive brightness and a little noise, and tell apart pictures of one shape', () => {
    const random = createRandom(9);
    const original = pictureDetails(grey(1));
    const brighter = pictureDetails(grey(1).map((value) => Math.round(value * 1.1) + 5));
    const noisy = pictureDetails(grey(1).map((value) => value + random.integer(2)));
    const other = pictureDetails(grey(2));
    expect(detailCorrelation(original, brighter)).toBeGreaterThan(0.99);
    expect(detailCorrelation(original, noisy)).toBeGreaterThan(0.98);
    expect(detailCorrelation(original, other)).toBeLessThan(0.6);
    // A sketch says nearly the same, which is enough to find candidates.
    const sketched = (a: Float32Array, b: Float32Array) => {
      const [x, y] = [sketchDetails(a), sketchDetails(b)];
      return detailCorrelation(x, y) / Math.sqrt(detailCorrelation(x, x) * detailCorrelation(y, y));
    };
    expect(sketched(original, brighter)).toBeGreaterThan(0.97);
    expect(sketched(original, other)).toBeLessThan(0.8);
  });

  test('are nothing in a flat picture', () => {
    expect(pictureDetails(new Uint8Array(detailSize ** 2).fill(80)).every((value) => value === 0)).toBe(true);
  });
});
