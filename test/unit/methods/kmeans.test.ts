import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kmeans } from '#engine/methods/kmeans/kmeans.ts';
import { RowMatrix } from '#engine/methods/linear-algebra/row-matrix.ts';

const rowsOf = (
  count: fc.Arbitrary<number>,
): fc.Arbitrary<{ rows: Float32Array; count: number; dimension: number }> =>
  fc
    .tuple(count, fc.integer({ min: 1, max: 6 }))
    .chain(([n, dimension]) =>
      fc
        .array(fc.integer({ min: -50, max: 50 }), { minLength: n * dimension, maxLength: n * dimension })
        .map((values) => ({ rows: Float32Array.from(values), count: n, dimension })),
    );

function inertiaOf(
  rows: Float32Array,
  dimension: number,
  centroids: Float32Array,
  assignments: Int32Array,
): number {
  let sum = 0;
  for (const [i, cluster] of assignments.entries()) {
    for (let d = 0; d < dimension; d++)
      sum += (rows[i * dimension + d]! - centroids[cluster * dimension + d]!) ** 2;
  }
  return sum;
}

describe('K-means', () => {
  test('never gets worse with more clusters', () => {
    fc.assert(
      fc.property(rowsOf(fc.integer({ min: 1, max: 24 })), ({ rows, count, dimension }) => {
        let previous = Infinity;
        for (const k of [1, 2, 3, 5]) {
          const { inertia } = kmeans(rows, count, dimension, { k, seed: 7 });
          expect(inertia).toBeLessThanOrEqual(previous * (1 + 1e-6) + 1e-6);
          previous = inertia;
        }
      }),
      { numRuns: 40 },
    );
  });

  test('gives means, nearest assignments, counts and inertia that agree with each other', () => {
    fc.assert(
      fc.property(rowsOf(fc.integer({ min: 3, max: 30 })), fc.integer({ min: 1, max: 4 }), (problem, k) => {
        const { rows, count, dimension } = problem;
        const {
          centroids,
          counts,
          assignments,
          inertia,
          k: effective,
        } = kmeans(rows, count, dimension, { k, seed: 1 });
        expect(effective).toBe(Math.min(k, count));
        const recount = new Int32Array(effective);
        for (const cluster of assignments) recount[cluster]!++;
        expect(recount).toEqual(counts);
        expect(Math.abs(inertiaOf(rows, dimension, centroids, assignments) - inertia)).toBeLessThan(
          1e-4 * inertia + 1e-6,
        );
        for (let j = 0; j < effective; j++) {
          const moved = assignments.map(() => j);
          for (const [i, own] of assignments.entries()) {
            const row = rows.subarray(i * dimension, (i + 1) * dimension);
            const at = (cluster: number): number =>
              inertiaOf(row, dimension, centroids, Int32Array.of(cluster));
            expect(at(own)).toBeLessThanOrEqual(at(moved[i]!) * (1 + 1e-5) + 1e-3);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  test('finds the one best partition of small problems for any seed', () => {
    const rows = Float32Array.of(0, 1, 2, 10, 11, 12, 13, 30);
    const best = (k: number, from: number): number => {
      if (from === rows.length) return 0;
      if (k === 0) return Infinity;
      let least = Infinity;
      for (let end = from + 1; end <= rows.length; end++) {
        const part = rows.subarray(from, end);
        const mean = part.reduce((a, b) => a + b) / part.length;
        least = Math.min(least, part.reduce((sum, value) => sum + (value - mean) ** 2, 0) + best(k - 1, end));
      }
      return least;
    };
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 5 }), (seed, k) => {
        expect(kmeans(rows, rows.length, 1, { k, seed }).inertia).toBeCloseTo(best(k, 0), 4);
      }),
      { numRuns: 60 },
    );
  });

  test('fewer distinct rows than clusters: nothing is lost and nothing is invented', () => {
    const rows = Float32Array.of(1, 1, 1, 1, 1, 1, 5, 5);
    const { inertia, centroids, counts } = kmeans(rows, 4, 2, { k: 4, seed: 0 });
    expect(inertia).toBeCloseTo(0, 9);
    expect(counts.reduce((a, b) => a + b)).toBe(4);
    for (let j = 0; j < 4; j++) expect([1, 5]).toContain(centroids[2 * j]);
  });

  test('a shift of all rows moves the centroids and nothing else', () => {
    const rows = Float32Array.from({ length: 60 }, (_, i) => (i * 37) % 23);
    const shifted = rows.map((value) => value + 1024);
    const [a, b] = [rows, shifted].map((values) => kmeans(values, 20, 3, { k: 3, seed: 0 }));
    expect(b!.assignments).toEqual(a!.assignments);
    expect(b!.inertia).toBeCloseTo(a!.inertia, 3);
  });

  test('refuses no rows', () => {
    expect(() => kmeans(new Float32Array(), 0, 4, { k: 2, seed: 0 })).toThrow(/at least one/);
  });
});

test('products of rows agree with plain sums for any shape', () => {
  const shape = fc.tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 11 }),
  );
  fc.assert(
    fc.property(
      shape,
      fc.infiniteStream(fc.integer({ min: -9, max: 9 })),
      ([count, others, dimension], stream) => {
        const take = (length: number): Float32Array => Float32Array.from(stream.take(length));
        const rows = take(count * dimension);
        const matrix = new RowMatrix(rows, count, dimension);
        for (const times of [others, 1, others + 4]) {
          const other = take(times * dimension);
          const { products, stride } = matrix.multiply(other, times);
          for (let i = 0; i < count; i++) {
            for (let j = 0; j < times; j++) {
              let sum = 0;
              for (let d = 0; d < dimension; d++) sum += rows[i * dimension + d]! * other[j * dimension + d]!;
              expect(products[i * stride + j]).toBe(sum);
            }
          }
        }
      },
    ),
    { numRuns: 50 },
  );
});
