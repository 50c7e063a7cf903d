import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitPadim, scorePadim } from '#engine/methods/padim/index.ts';
import { fullMap } from '#shared/full-map.ts';
import {
  coresetSize,
  greedyCoreset,
  poolNeighbourhood,
  scorePatchCore,
} from '#engine/methods/patchcore/index.ts';
import { createRandom } from '#shared/random.ts';

function randomRows(count: number, dimension: number, seed: number): Float32Array {
  const random = createRandom(seed);
  return Float32Array.from({ length: count * dimension }, () => random.next() * 4 - 2);
}

describe('coreset', () => {
  const problems = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 5 }), fc.integer());

  test('is what comparing every pair selects', () => {
    fc.assert(
      fc.property(problems, ([count, dimension, seed]) => {
        const data = randomRows(count, dimension, seed);
        const size = Math.ceil(count / 2);
        const squared = (a: number, b: number): number => {
          let sum = 0;
          for (let d = 0; d < dimension; d++)
            sum += (data[a * dimension + d]! - data[b * dimension + d]!) ** 2;
          return sum;
        };
        const selected = [0];
        const gap = (i: number): number => Math.min(...selected.map((j) => squared(i, j)));
        while (selected.length < size) {
          const gaps = Array.from({ length: count }, (_, i) => gap(i));
          selected.push(gaps.indexOf(Math.max(...gaps)));
        }
        const { indices, coverRadius } = greedyCoreset({ data, count, dimension }, size, 0);
        expect(Array.from(indices)).toEqual(selected);
        expect(coverRadius).toBeCloseTo(
          Math.sqrt(Math.max(...Array.from({ length: count }, (_, i) => gap(i)))),
          9,
        );
      }),
    );
  });

  test('covers more the larger it is, and everything in the end', () => {
    const rows = { data: randomRows(60, 4, 3), count: 60, dimension: 4 };
    const radii = [1, 5, 20, 60].map((size) => greedyCoreset(rows, size, 7).coverRadius);
    expect(radii).toEqual(radii.toSorted((a, b) => b - a));
    expect(radii.at(-1)).toBe(0);
    expect([coresetSize(1000, 0.1), coresetSize(5, 0.1)]).toEqual([100, 1]);
  });

  test('refuses a size or a start beyond the rows', () => {
    const rows = { data: randomRows(4, 2, 0), count: 4, dimension: 2 };
    expect(() => greedyCoreset(rows, 5, 0)).toThrow(/4 rows/);
    expect(() => greedyCoreset(rows, 2, 4)).toThrow(/row 4/);
  });
});

describe('PatchCore scores', () => {
  const bank = { data: randomRows(30, 6, 1), count: 30, dimension: 6 };
  const image = { rows: 4, columns: 5, dimension: 6, data: randomRows(20, 6, 2) };

  test('the neighbourhood only lowers the image score, and one neighbour leaves it', () => {
    const alone = scorePatchCore(bank, image, 1);
    expect(alone.imageScore).toBeCloseTo(Math.max(...alone.patchScores.data), 6);
    for (const neighbours of [2, 9, 100]) {
      const { imageScore } = scorePatchCore(bank, image, neighbours);
      expect(imageScore).toBeGreaterThanOrEqual(0);
      expect(imageScore).toBeLessThan(alone.imageScore);
    }
  });

  test('patches of the bank score 0', () => {
    const own = { rows: 5, columns: 6, dimension: 6, data: bank.data };
    const { patchScores, nearest, imageScore } = scorePatchCore(bank, own);
    expect(patchScores.data).toEqual(new Float32Array(30));
    expect(Array.from(nearest)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    expect(imageScore).toBe(0);
  });

  test('pooling counts the zeros outside', () => {
    const ones = { channels: 1, rows: 3, columns: 3, data: new Float32Array(9).fill(9) };
    expect(poolNeighbourhood(ones).data).toEqual(Float32Array.of(4, 6, 4, 6, 9, 6, 4, 6, 4));
  });

  test('both maps keep constants', () => {
    const grid = { rows: 2, columns: 3, data: new Float32Array(6).fill(0.5) };
    for (const resize of ['bilinear', 'nearest'] as const) {
      for (const score of fullMap(grid, { resize, sigma: 4 }, 10, 15).data) expect(score).toBeCloseTo(0.5, 6);
    }
  });
});

describe('PaDiM', () => {
  const shape = { channels: 3, rows: 2, columns: 2 };
  const train = { images: 40, ...shape, data: randomRows(40, 12, 5) };

  test('the mean is at distance 0, and distances do not change when features are shifted', () => {
    const model = fitPadim(train);
    const mean = new Float32Array(12);
    for (let c = 0; c < 3; c++) for (let p = 0; p < 4; p++) mean[c * 4 + p] = model.means[p * 3 + c]!;
    for (const distance of scorePadim(model, { images: 1, ...shape, data: mean })[0]!.data) {
      expect(distance).toBeCloseTo(0, 5);
    }
    const query = { images: 2, ...shape, data: randomRows(2, 12, 6) };
    const shift = <T extends { data: Float32Array }>(maps: T): T => ({
      ...maps,
      data: maps.data.map((value) => value + 8),
    });
    const shifted = scorePadim(fitPadim(shift(train)), shift(query));
    for (const [n, { data }] of scorePadim(model, query).entries()) {
      for (const [i, distance] of data.entries()) expect(shifted[n]!.data[i]).toBeCloseTo(distance, 4);
    }
  });

  test('of a single channel is the distance in standard deviations', () => {
    const model = fitPadim({ images: 2, channels: 1, rows: 1, columns: 1, data: Float32Array.of(-3, 3) });
    const [scored] = scorePadim(model, {
      images: 1,
      channels: 1,
      rows: 1,
      columns: 1,
      data: Float32Array.of(6),
    });
    expect(scored!.data[0]).toBeCloseTo(6 / Math.sqrt(18 + 0.01 + 1e-5), 6);
  });

  test('refuses one image and features of another shape', () => {
    expect(() => fitPadim({ ...train, images: 1 })).toThrow(/two training images/);
    expect(() => scorePadim(fitPadim(train), { ...train, rows: 1 })).toThrow(/3 x 1 x 2/);
  });
});
