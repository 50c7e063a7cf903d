import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  foregroundPatches,
  maskToPatches,
  meanCosineSimilarity,
  nonZeroMask,
  rankEmbeddings,
  scoreDinoAd,
} from '#engine/methods/dino-ad/index.ts';
import { close, dilate, erode } from '#engine/methods/morphology.ts';
import type { Mask, PatchFeatures, PatchMask } from '#shared/arrays.ts';
import { createRandom } from '#shared/random.ts';

const masks: fc.Arbitrary<Mask> = fc
  .tuple(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 15 }))
  .chain(([width, height]) =>
    fc
      .array(fc.nat(1), { minLength: width * height, maxLength: width * height })
      .map((values) => ({ width, height, data: Uint8Array.from(values) })),
  );
const oddSize = fc.constantFrom(1, 3, 5, 7, 21);
const contains = (outer: Mask, inner: Mask): boolean =>
  inner.data.every((value, i) => value <= outer.data[i]!);

describe('closing', () => {
  test('only adds pixels, and a second time adds none', () => {
    fc.assert(
      fc.property(masks, oddSize, (mask, size) => {
        const closed = close(mask, size);
        expect(contains(closed, mask)).toBe(true);
        expect(close(closed, size)).toEqual(closed);
      }),
    );
  });

  test('dilation and erosion are the same on the complement', () => {
    fc.assert(
      fc.property(masks, oddSize, (mask, size) => {
        const complement = { ...mask, data: mask.data.map((value) => 1 - value) };
        expect(erode(complement, size).data).toEqual(dilate(mask, size).data.map((value) => 1 - value));
      }),
    );
  });

  test('a full image stays full: the border never bites', () => {
    const full = { width: 5, height: 4, data: new Uint8Array(20).fill(1) };
    expect(close(full, 3)).toEqual(full);
    expect(() => close(full, 0)).toThrow(/at least one pixel/);
  });
});

describe('foreground', () => {
  test('any channel that is not 0 counts, also below 0', () => {
    const colour = {
      width: 2,
      height: 1,
      channels: 3 as const,
      bits: 8,
      data: Uint8Array.of(0, 0, 0, 0, 7, 0),
    };
    const signed = { width: 2, height: 1, channels: 1 as const, bits: 16, data: Int16Array.of(-3, 0) };
    expect(nonZeroMask(colour).data).toEqual(Uint8Array.of(0, 1));
    expect(nonZeroMask(signed).data).toEqual(Uint8Array.of(1, 0));
    const grid = { rows: 1, columns: 2 };
    expect(foregroundPatches(colour, grid, 1)).toEqual({ ...grid, data: Uint8Array.of(0, 1) });
  });

  test('a patch covered by half is foreground', () => {
    const mask = { width: 4, height: 2, data: Uint8Array.of(1, 0, 1, 0, 1, 0, 0, 0) };
    expect(maskToPatches(mask, 1, 2).data).toEqual(Uint8Array.of(1, 0));
  });

  test('a grid of the size of the image is the mask itself, a finer one repeats it', () => {
    fc.assert(
      fc.property(masks, (mask) => {
        expect(maskToPatches(mask, mask.height, mask.width).data).toEqual(mask.data);
        expect(maskToPatches(mask, mask.height, 3 * mask.width).data).toEqual(
          Uint8Array.from({ length: 3 * mask.data.length }, (_, i) => mask.data[Math.floor(i / 3)]!),
        );
      }),
    );
  });
});

describe('matching', () => {
  test('ignores length, prefers the lowest index among equals and survives zero vectors', () => {
    const embeddings = Float32Array.of(0, 0, 1, 0, 100, 0, 1, 1, 1, 0);
    const { order, similarities } = rankEmbeddings(embeddings, 5, Float32Array.of(3, 0));
    expect(Array.from(order)).toEqual([1, 2, 4, 3, 0]);
    expect(similarities[0]).toBe(0);
  });

  test('refuses embeddings of another length', () => {
    expect(() => rankEmbeddings(new Float32Array(6), 2, new Float32Array(4))).toThrow(/3 values.*4/);
  });
});

const features = (rows: number, columns: number, values: number[]): PatchFeatures => ({
  rows,
  columns,
  dimension: values.length / (rows * columns),
  data: Float32Array.from(values),
});
const allOf = (rows: number, columns: number, value: 0 | 1): PatchMask => ({
  rows,
  columns,
  data: new Uint8Array(rows * columns).fill(value),
});

describe('scoring', () => {
  const random = createRandom(3);
  const query = features(
    4,
    5,
    Array.from({ length: 120 }, () => random.next() - 0.5),
  );
  const support = {
    features: query,
    foreground: { rows: 4, columns: 5, data: Uint8Array.from({ length: 20 }, (_, i) => i % 2) },
  };

  test('is the same for the same seed and finds the same clusters for another', () => {
    const input = { support: [support], query, queryForeground: null, k: 2 };
    const first = scoreDinoAd({ ...input, seed: 1 });
    expect(scoreDinoAd({ ...input, seed: 1 })).toEqual(first);
    expect(scoreDinoAd({ ...input, seed: 2 }).inertia).toBeCloseTo(first.inertia, 6);
  });

  test('marks the background of the support and clusters the rest', () => {
    const { supportAssignments, counts } = scoreDinoAd({
      support: [support],
      query,
      queryForeground: null,
      k: 3,
      seed: 0,
    });
    expect(supportAssignments[0]!.filter((cluster) => cluster === -1)).toHaveLength(10);
    expect(Array.from(counts).reduce((a, b) => a + b)).toBe(10);
    expect(Array.from(counts)).toEqual(Array.from(counts).sort((a, b) => b - a));
  });

  test('several support images are one set of patches', () => {
    const halves = [0, 1].map((half) => ({
      features: query,
      foreground: {
        rows: 4,
        columns: 5,
        data: support.foreground.data.map((inside, i) => (i < 10 === (half === 0) ? inside : 0)),
      },
    }));
    const input = { query, queryForeground: null, k: 2, seed: 0 };
    const together = scoreDinoAd({ ...input, support: halves });
    const alone = scoreDinoAd({ ...input, support: [support] });
    expect(together.scores).toEqual(alone.scores);
    expect(together.supportAssignments).toHaveLength(2);
  });

  test('masked query patches score 0', () => {
    const { rawMap, imageScore } = scoreDinoAd({
      support: [support],
      query,
      queryForeground: allOf(4, 5, 0),
      k: 2,
      seed: 0,
    });
    expect(rawMap.data).toEqual(new Float32Array(20));
    expect(imageScore).toBe(0);
  });

  test('similarity stays in -1..1 and is 1 where a patch is its own centroid', () => {
    const { data } = meanCosineSimilarity(query, query.data.slice(0, 6));
    expect(data[0]).toBeCloseTo(1, 6);
    expect(data.every((value) => value >= -1 && value <= 1)).toBe(true);
  });

  test('says what is wrong', () => {
    const input = { query, queryForeground: null, k: 2, seed: 0 };
    const empty = { features: query, foreground: allOf(4, 5, 0) };
    expect(() => scoreDinoAd({ ...input, support: [empty] })).toThrow(/no foreground/);
    expect(() => scoreDinoAd({ ...input, support: [] })).toThrow(/no foreground/);
    const wrongGrid = { features: query, foreground: allOf(5, 4, 1) };
    expect(() => scoreDinoAd({ ...input, support: [wrongGrid] })).toThrow(/5 x 4/);
    const otherModel = { features: features(1, 1, [1, 2]), foreground: allOf(1, 1, 1) };
    expect(() => scoreDinoAd({ ...input, support: [otherModel] })).toThrow(/dimension 2/);
    expect(() => scoreDinoAd({ ...input, support: [support], k: 0 })).toThrow(/K must be/);
  });
});
