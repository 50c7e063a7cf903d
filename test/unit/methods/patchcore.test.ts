import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { drawChannels, PadimFit, type PadimModel, scorePadim } from '#engine/methods/padim/index.ts';
import type { PatchFeatures } from '#shared/arrays.ts';
import { fullMap } from '#shared/full-map.ts';
import { coresetSize, greedyCoreset, poolPatches, scorePatchCore } from '#engine/methods/patchcore/index.ts';
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
    const ones = { dimension: 1, rows: 3, columns: 3, data: new Float32Array(9).fill(9) };
    expect(poolPatches(ones).data).toEqual(Float32Array.of(4, 6, 4, 6, 9, 6, 4, 6, 4));
  });

  test('both maps keep constants', () => {
    const grid = { rows: 2, columns: 3, data: new Float32Array(6).fill(0.5) };
    for (const resize of ['bilinear', 'nearest'] as const) {
      for (const score of fullMap(grid, { resize, sigma: 4 }, 10, 15).data) expect(score).toBeCloseTo(0.5, 6);
    }
  });
});

function fitPadim(images: readonly PatchFeatures[]): PadimModel {
  const [{ dimension, ...grid }] = images as [PatchFeatures];
  const fit = new PadimFit(grid, drawChannels(dimension, dimension, 0));
  for (const image of images) fit.addToMeans(image);
  for (const image of images) fit.addToCovariances(image);
  return fit.finish(0.01);
}

describe('PaDiM', () => {
  const shape = { dimension: 3, rows: 2, columns: 2 };
  const images = (count: number, seed: number): PatchFeatures[] =>
    Array.from({ length: count }, (_, n) => ({ ...shape, data: randomRows(4, 3, 100 * seed + n) }));
  const train = images(40, 5);

  test('the mean is at distance 0, and distances do not change when features are shifted', () => {
    const model = fitPadim(train);
    for (const distance of scorePadim(model, { ...shape, data: Float32Array.from(model.means) }).data) {
      expect(distance).toBeCloseTo(0, 5);
    }
    const shift = (image: PatchFeatures): PatchFeatures => ({
      ...image,
      data: image.data.map((value) => value + 8),
    });
    const shiftedModel = fitPadim(train.map(shift));
    for (const query of images(2, 6)) {
      const shifted = scorePadim(shiftedModel, shift(query)).data;
      for (const [i, distance] of scorePadim(model, query).data.entries())
        expect(shifted[i]).toBeCloseTo(distance, 4);
    }
  });

  test('of a single channel is the distance in standard deviations', () => {
    const of = (value: number) => ({ rows: 1, columns: 1, dimension: 1, data: Float32Array.of(value) });
    const [distance] = scorePadim(fitPadim([of(-3), of(3)]), of(6)).data;
    expect(distance).toBeCloseTo(6 / Math.sqrt(18 + 0.01 + 1e-5), 6);
  });

  test('channels are drawn once, without repetition, the same for a seed', () => {
    const drawn = drawChannels(50, 20, 3);
    expect(new Set(drawn).size).toBe(20);
    expect(drawChannels(50, 20, 3)).toEqual(drawn);
    expect(drawChannels(50, 20, 4)).not.toEqual(drawn);
    expect([...drawChannels(3, 20, 0)]).toEqual([0, 1, 2]);
  });

  test('refuses one image and features of another shape', () => {
    expect(() => fitPadim(train.slice(1, 2))).toThrow(/two training images/);
    expect(() => scorePadim(fitPadim(train), { ...train[0]!, rows: 1 })).toThrow(/1 x 2/);
  });
});
