import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EmbeddingIndex } from '#engine/methods/linear-algebra/embedding-index.ts';
import { rankEmbeddings } from '#engine/methods/dino-ad/index.ts';
import { createRandom } from '#shared/random.ts';

/** Rows around a common direction; the smaller the spread, the more alike they are. */
function rowsAround(seed: number, count: number, dimension: number, spread: number): Float32Array {
  const random = createRandom(seed);
  const centre = Float32Array.from({ length: dimension }, () => random.next() - 0.3);
  return Float32Array.from(
    { length: count * dimension },
    (_, i) => centre[i % dimension]! + spread * (random.next() + random.next() - 1),
  );
}

function expectSameAsRanking(rows: Float32Array, count: number, query: Float32Array, k: number): void {
  const { order, similarities } = rankEmbeddings(rows, count, query);
  const expected = Array.from(order.subarray(0, k), (index) => ({ index, similarity: similarities[index]! }));
  expect(new EmbeddingIndex(rows, count, query.length).nearest(query, k)).toEqual(expected);
}

describe('the embedding index', () => {
  test('finds what ranking every similarity finds, however alike the rows are', () => {
    const shape = fc.record({
      seed: fc.integer({ min: 0, max: 1e6 }),
      count: fc.integer({ min: 1, max: 300 }),
      dimension: fc.integer({ min: 1, max: 70 }),
      spread: fc.constantFrom(1, 0.1, 1e-3, 1e-6, 0),
      k: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(shape, ({ seed, count, dimension, spread, k }) => {
        const rows = rowsAround(seed, count, dimension, spread);
        expectSameAsRanking(rows, count, rowsAround(seed, 1, dimension, spread + 0.01), Math.min(k, count));
      }),
      { numRuns: 300 },
    );
  });

  test('keeps the order of equal rows, and gives zero vectors a similarity of 0', () => {
    const rows = Float32Array.from([0, 0, 1, 2, 1, 2, 2, 4, 0, 0, -1, -2]);
    expectSameAsRanking(rows, 6, Float32Array.from([1, 2]), 6);
    expectSameAsRanking(rows, 6, Float32Array.from([0, 0]), 4);
  });

  test('survives values far apart in size', () => {
    const rows = rowsAround(5, 200, 48, 1).map((value, i) => value * 10 ** ((i % 48) - 24));
    expectSameAsRanking(rows, 200, rows.slice(48 * 7, 48 * 8), 10);
  });

  test('finds among accepted rows only', () => {
    const rows = rowsAround(1, 50, 16, 0.5);
    const index = new EmbeddingIndex(rows, 50, 16);
    const query = rows.slice(0, 16);
    expect(index.nearest(query, 1)[0]!.index).toBe(0);
    const others = index.nearest(query, 60, (row) => row % 2 === 1);
    expect(others.map(({ index: row }) => row).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 25 }, (_, i) => 2 * i + 1),
    );
  });

  test('refuses a query of another length', () => {
    const index = new EmbeddingIndex(new Float32Array(8), 2, 4);
    expect(() => index.nearest(new Float32Array(3), 1)).toThrow(/3 values cannot be compared with ones of 4/);
  });
});
