import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  buildMemoryBank,
  cleanObjectMask,
  firstComponent,
  objectMask,
  patchDistances,
  rawObjectMask,
  referenceAngles,
  rotateImage,
  scoreBatch,
  scoreFewShot,
} from '#engine/methods/anomaly-dino/index.ts';
import { fullMap } from '#shared/full-map.ts';
import { gaussianSmooth } from '#shared/smoothing.ts';
import type { PatchFeatures, PixelArray } from '#shared/arrays.ts';
import { createRandom } from '#shared/random.ts';

function randomFeatures(rows: number, columns: number, dimension: number, seed: number): PatchFeatures {
  const random = createRandom(seed);
  const data = Float32Array.from({ length: rows * columns * dimension }, () => random.next() - 0.5);
  return { rows, columns, dimension, data };
}

const sizes = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }));

describe('distances to a memory bank', () => {
  test('agree with comparing every pair', () => {
    fc.assert(
      fc.property(sizes, fc.integer(), fc.integer({ min: 1, max: 40 }), ([rows, columns], seed, k) => {
        const image = randomFeatures(rows, columns, 5, seed);
        const references = [randomFeatures(3, 4, 5, seed + 1), randomFeatures(2, 2, 5, seed + 2)];
        const bank = buildMemoryBank(references, 'l2');
        const { distances } = patchDistances(bank, image, k);
        for (let i = 0; i < rows * columns; i++) {
          const squared = Array.from({ length: bank.count }, (_, j) =>
            Array.from({ length: 5 }, (_, d) => (image.data[i * 5 + d]! - bank.data[j * 5 + d]!) ** 2).reduce(
              (a, b) => a + b,
            ),
          ).sort((a, b) => a - b);
          const kept = squared.slice(0, k);
          const expected = Math.sqrt(kept.reduce((a, b) => a + b) / kept.length);
          expect(distances.data[i]).toBeCloseTo(expected, 6);
        }
      }),
      { numRuns: 40 },
    );
  });

  test('a larger bank never raises a distance, and a patch of the bank has distance 0', () => {
    const image = randomFeatures(5, 5, 8, 1);
    const [small, large] = [
      [randomFeatures(4, 4, 8, 2)],
      [randomFeatures(4, 4, 8, 2), randomFeatures(9, 9, 8, 3)],
    ];
    const before = patchDistances(buildMemoryBank(small, 'cosine'), image).distances.data;
    const after = patchDistances(buildMemoryBank(large, 'cosine'), image).distances.data;
    expect(after.every((distance, i) => distance <= before[i]!)).toBe(true);
    const own = patchDistances(buildMemoryBank([...large, image], 'cosine'), image);
    expect(own.distances.data.every((distance) => distance < 1e-12)).toBe(true);
    expect(Array.from(own.nearest)).toEqual(Array.from({ length: 25 }, (_, i) => 97 + i));
  });

  test('cosine ignores length, and a zero vector is half way from everything', () => {
    const bank = buildMemoryBank(
      [{ rows: 1, columns: 1, dimension: 2, data: Float32Array.of(0, 7) }],
      'cosine',
    );
    const image = { rows: 1, columns: 3, dimension: 2, data: Float32Array.of(0, 0.1, 3, 0, 0, 0) };
    expect(patchDistances(bank, image).distances.data).toEqual(Float32Array.of(0, 1, 0.5));
  });

  test('masked patches count as 0 in the image score', () => {
    const image = randomFeatures(2, 2, 4, 5);
    const bank = buildMemoryBank([randomFeatures(2, 2, 4, 6)], 'cosine');
    const counted = { rows: 2, columns: 2, data: new Uint8Array(4) };
    expect(scoreFewShot(bank, image, counted).imageScore).toBe(0);
    expect(scoreFewShot(bank, image, null).imageScore).toBeGreaterThan(0);
  });

  test('a bank may leave the background of its references out', () => {
    const reference = randomFeatures(2, 2, 3, 9);
    const counted = { rows: 2, columns: 2, data: Uint8Array.of(0, 1, 0, 1) };
    const { count, data } = buildMemoryBank([reference, reference], 'l2', [counted]);
    expect(count).toBe(6);
    expect(data.slice(3, 6)).toEqual(reference.data.slice(9));
    expect(data.slice(6)).toEqual(reference.data);
  });

  test('says what is wrong', () => {
    const image = randomFeatures(1, 1, 4, 0);
    expect(() => patchDistances(buildMemoryBank([], 'l2'), image)).toThrow(/empty/);
    expect(() => buildMemoryBank([image, randomFeatures(1, 1, 3, 0)], 'l2')).toThrow(/dimensions/);
    expect(() => patchDistances(buildMemoryBank([randomFeatures(1, 1, 3, 0)], 'l2'), image)).toThrow(
      /dimension 4/,
    );
    const bank = buildMemoryBank([image], 'l2');
    const other = { rows: 2, columns: 1, data: new Uint8Array(2) };
    expect(() => scoreFewShot(bank, image, other)).toThrow(/2 x 1/);
  });
});

describe('object mask', () => {
  test('the first component explains at least as much as any other direction', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 9 }), (seed, dimension) => {
        const image = randomFeatures(6, 7, dimension, seed);
        const spread = (scores: ArrayLike<number>): number => {
          const values = Array.from(scores);
          const mean = values.reduce((a, b) => a + b) / values.length;
          return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        };
        const best = spread(firstComponent(image).data);
        for (let d = 0; d < dimension; d++) {
          const axis = Array.from({ length: 42 }, (_, i) => image.data[i * dimension + d]!);
          expect(best).toBeGreaterThanOrEqual(spread(axis) * (1 - 1e-6));
        }
      }),
      { numRuns: 50 },
    );
  });

  test('recovers a direction that stands out, and is 0 where nothing varies', () => {
    const image = randomFeatures(8, 8, 12, 4);
    for (let i = 0; i < 64; i++) image.data[i * 12 + 3]! += i < 20 ? 50 : 0;
    const { data } = firstComponent(image);
    expect(data.slice(0, 20).every((score) => score > 30)).toBe(true);
    expect(data.slice(20).every((score) => score < -10)).toBe(true);
    const flat = { rows: 2, columns: 2, dimension: 3, data: new Float32Array(12).fill(4) };
    expect(firstComponent(flat).data).toEqual(new Float32Array(4));
  });

  test('keeps the centre, whichever sign the component has', () => {
    const rows = 10;
    const data = Float32Array.from({ length: 100 }, (_, i) => {
      const [x, y] = [i % rows, Math.floor(i / rows)];
      return x > 1 && x < 8 && y > 1 && y < 8 ? 20 : -20;
    });
    const component = { rows, columns: rows, data };
    const negated = { ...component, data: data.map((value) => -value) };
    expect(rawObjectMask(negated).mask).toEqual(rawObjectMask(component).mask);
    expect([rawObjectMask(component).turned, rawObjectMask(negated).turned]).toEqual([false, true]);
  });

  test('the clean-up acts on the grid or along the sequence of patches', () => {
    const mask = { rows: 3, columns: 3, data: Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0) };
    expect(cleanObjectMask(mask, 'grid', 3).data).toEqual(new Uint8Array(9).fill(1));
    expect(cleanObjectMask(mask, 'sequence', 3).data).toEqual(Uint8Array.of(0, 0, 0, 1, 1, 1, 0, 0, 0));
  });

  test('nothing above the threshold leaves nothing', () => {
    expect(objectMask(randomFeatures(4, 4, 3, 1), 'grid').data).toEqual(new Uint8Array(16));
  });
});

describe('maps', () => {
  test('smoothing keeps constants and bounds for any size and border', () => {
    fc.assert(
      fc.property(sizes, fc.float({ min: 0, max: 1, noNaN: true }), ([rows, columns], value) => {
        const constant = { rows, columns, data: new Float32Array(rows * columns).fill(value) };
        for (const border of ['repeat-edge', 'reflect-101'] as const) {
          for (const smoothed of gaussianSmooth(constant, 4, border).data)
            expect(smoothed).toBeCloseTo(value, 6);
        }
        const spots = { rows, columns, data: constant.data.map((_, i) => i % 2) };
        const map = fullMap(spots, { resize: 'bilinear', sigma: 4 }, 20, 30);
        expect(map.data.every((score) => score >= 0 && score <= 1 + 1e-6)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });
});

describe('rotated references', () => {
  const random = createRandom(8);
  const picture = (width: number, height: number, channels: 1 | 3): PixelArray => ({
    width,
    height,
    channels,
    bits: 8,
    data: Uint8Array.from({ length: width * height * channels }, () => random.integer(256)),
  });

  test('no rotation changes nothing, whatever the kind of pixels', () => {
    const image = picture(9, 6, 3);
    expect(rotateImage(image, 0)).toEqual(image);
    const deep = {
      ...picture(4, 4, 1),
      bits: 16,
      data: Uint16Array.from({ length: 16 }, () => random.integer(65536)),
    };
    expect(rotateImage(deep, 0)).toEqual(deep);
    const floats = { ...deep, bits: 32, data: Float32Array.from(deep.data, (value) => value / 7) };
    expect(rotateImage(floats, 0)).toEqual(floats);
  });

  test('half a turn is two quarter turns, up to the border', () => {
    const image = picture(8, 8, 1);
    const twice = rotateImage(rotateImage(image, 90), 90).data;
    const once = rotateImage(image, 180).data;
    const inner = Array.from(once.keys()).filter((i) => i % 8 > 0 && i >= 8);
    expect(inner.map((i) => twice[i])).toEqual(inner.map((i) => once[i]));
  });

  test('a constant picture stays constant at every angle', () => {
    const image = { ...picture(7, 5, 1), data: new Uint8Array(35).fill(99) };
    for (const angle of referenceAngles) expect(rotateImage(image, angle)).toEqual(image);
  });
});

describe('batched scoring', () => {
  const images = Array.from({ length: 5 }, (_, i) => randomFeatures(11, 12, 6, i));

  test('does not depend on the order of the other images', () => {
    const settings = { rule: 'inclusive', quantile: 0.01 } as const;
    const [first] = scoreBatch(images, [], settings);
    const [again] = scoreBatch([images[0]!, ...images.slice(1).toReversed()], [], settings);
    for (const [i, score] of first!.patchScores.data.entries()) {
      expect(again!.patchScores.data[i]).toBeCloseTo(score, 6);
    }
  });

  test('the official rule leaves one value out, and has no score for small images', () => {
    const inclusive = scoreBatch(images, [], { rule: 'inclusive', quantile: 0.01 });
    const official = scoreBatch(images, [], { rule: 'official', quantile: 0.01 });
    for (const [i, { patchScores }] of official.entries()) {
      const all = inclusive[i]!.patchScores.data;
      expect(patchScores.data.every((score, j) => score <= all[j]!)).toBe(true);
    }
    const small = Array.from({ length: 3 }, (_, i) => randomFeatures(3, 3, 6, i));
    expect(scoreBatch(small, [], { rule: 'official', quantile: 0.2 })[0]!.imageScore).toBeNull();
    expect(scoreBatch(small, [], { rule: 'inclusive', quantile: 0.2 })[0]!.imageScore).not.toBeNull();
  });

  test('refuses one image, and a bank too small for the official rule', () => {
    expect(() => scoreBatch(images.slice(0, 1), [], { rule: 'inclusive' })).toThrow(/two images/);
    expect(() => scoreBatch(images, [], { rule: 'official' })).toThrow(/too small/);
  });
});
