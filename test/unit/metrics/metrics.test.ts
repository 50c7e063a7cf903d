import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  countOverlap,
  createScoreHistogram,
  dice,
  imageFigures,
  imageRanking,
  iou,
  pixelFigures,
  surfaceDistances,
  thresholdMap,
} from '#engine/metrics/index.ts';
import { connectedRegions } from '#shared/regions.ts';
import { sortFloats } from '#engine/metrics/sort-floats.ts';
import type { Mask, ScoreMap } from '#shared/arrays.ts';
import { createRandom } from '#shared/random.ts';

/** Few distinct scores, so that ties are common. */
const ranked = fc
  .array(fc.tuple(fc.integer({ min: -8, max: 8 }), fc.nat(1)), { minLength: 2, maxLength: 40 })
  .map((pairs) => ({ scores: pairs.map(([score]) => score), labels: pairs.map(([, label]) => label) }));

const pictures = fc
  .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }))
  .chain(([width, height]) =>
    fc
      .array(fc.tuple(fc.integer({ min: -6, max: 6 }), fc.nat(1)), {
        minLength: width * height,
        maxLength: width * height,
      })
      .map((pixels) => ({
        map: {
          rows: height,
          columns: width,
          data: Float32Array.from(pixels, ([score]) => score / 4),
        } as ScoreMap,
        mask: { width, height, data: Uint8Array.from(pixels, ([, label]) => label) } as Mask,
      })),
  );

describe('ranking figures', () => {
  test('AUROC is the share of pairs in order, ties counting half', () => {
    fc.assert(
      fc.property(ranked, ({ scores, labels }) => {
        let [won, pairs] = [0, 0];
        for (const [i, a] of scores.entries()) {
          for (const [j, b] of scores.entries()) {
            if (!labels[i] || labels[j]) continue;
            pairs++;
            won += a > b ? 1 : a === b ? 0.5 : 0;
          }
        }
        const figures = imageRanking(scores, labels);
        expect(figures === null).toBe(pairs === 0);
        expect(figures?.auroc ?? 0).toBeCloseTo(pairs === 0 ? 0 : won / pairs, 12);
      }),
    );
  });

  test('nothing changes under a rising transform of the scores', () => {
    fc.assert(
      fc.property(ranked, ({ scores, labels }) => {
        const before = imageRanking(scores, labels);
        const after = imageRanking(
          scores.map((score) => Math.exp(score / 3) - 100),
          labels,
        );
        expect(after && { ...after, f1Threshold: 0 }).toEqual(before && { ...before, f1Threshold: 0 });
      }),
    );
  });

  test('turned scores turn the AUROC', () => {
    fc.assert(
      fc.property(ranked, ({ scores, labels }) => {
        const auroc = imageRanking(scores, labels)?.auroc ?? 0.5;
        const turned = imageRanking(
          scores.map((score) => 1 - score),
          labels,
        )?.auroc;
        expect(turned ?? 0.5).toBeCloseTo(1 - auroc, 12);
      }),
    );
  });

  test('F1-max is reached at its threshold and nowhere exceeded', () => {
    fc.assert(
      fc.property(ranked, ({ scores, labels }) => {
        const figures = imageRanking(scores, labels);
        if (!figures) return;
        const f1 = (threshold: number): number => {
          const predicted = scores.map((score) => score >= threshold);
          const both = predicted.filter((above, i) => above && labels[i]).length;
          return (2 * both) / (predicted.filter(Boolean).length + labels.filter(Boolean).length);
        };
        expect(f1(figures.f1Threshold)).toBeCloseTo(figures.f1Max, 12);
        for (const score of scores) expect(f1(score)).toBeLessThanOrEqual(figures.f1Max + 1e-12);
      }),
    );
  });

  test('perfect, random and constant scores', () => {
    expect(imageRanking([0, 1, 2, 3], [0, 0, 1, 1])).toMatchObject({
      auroc: 1,
      ap: 1,
      auprcTrapezoid: 1,
      f1Max: 1,
    });
    expect(imageRanking([5, 5, 5, 5], [1, 0, 0, 0])).toMatchObject({
      auroc: 0.5,
      ap: 0.25,
      auprcTrapezoid: 0.625,
    });
    expect(imageRanking([1, 2], [1, 1])).toBeNull();
  });
});

describe('pixel metrics', () => {
  test('pooling map by map is ranking all pixels at once', () => {
    fc.assert(
      fc.property(fc.array(pictures, { minLength: 1, maxLength: 4 }), (images) => {
        const figures = pixelFigures(images.map(({ map, mask }) => ({ map, truth: mask })));
        const together = imageRanking(
          images.flatMap(({ map }) => Array.from(map.data)),
          images.flatMap(({ mask }) => Array.from(mask.data)),
        );
        expect(figures.auroc).toBe(together?.auroc ?? null);
        expect(figures.ap).toBe(together?.ap ?? null);
        expect(figures.f1Max).toBe(together?.f1Max ?? null);
      }),
    );
  });

  test('the order of the maps changes nothing', () => {
    fc.assert(
      fc.property(fc.array(pictures, { minLength: 2, maxLength: 4 }), (images) => {
        const maps = images.map(({ map, mask }) => ({ map, truth: mask }));
        const options = { thresholds: [0, 0.5], rates: [0.1, 0.5] };
        const { aupro: _, ...figures } = pixelFigures(maps, options);
        expect(pixelFigures(maps.toReversed(), options)).toMatchObject(figures);
      }),
    );
  });

  test('AUPRO grows with the limit when divided back, and is 1 only if every region comes first', () => {
    fc.assert(
      fc.property(pictures, ({ map, mask }) => {
        const { aupro } = pixelFigures([{ map, truth: mask }], { fprLimits: [0.1, 0.3, 1] });
        const areas = aupro.map(({ fprLimit, value }) => (value === null ? null : value * fprLimit));
        if (areas[0] === null) return;
        expect(areas[1]).toBeGreaterThanOrEqual(areas[0]! - 1e-12);
        expect(areas[2]).toBeGreaterThanOrEqual(areas[1]! - 1e-12);
        expect(aupro[2]!.value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });

  test('with one region over all images AUPRO to 1 is the AUROC', () => {
    const random = createRandom(1);
    const map = {
      rows: 20,
      columns: 20,
      data: Float32Array.from({ length: 400 }, () => Math.floor(random.next() * 12)),
    };
    const mask = {
      width: 20,
      height: 20,
      data: Uint8Array.from({ length: 400 }, (_, i) => (i < 60 ? 1 : 0)),
    };
    const { auroc, aupro, regions } = pixelFigures([{ map, truth: mask }], { fprLimits: [1] });
    expect(regions).toBe(1);
    expect(aupro[0]!.value).toBeCloseTo(auroc!, 12);
  });

  test('without a mask all pixels are normal, and nothing is defined', () => {
    const map = { rows: 1, columns: 2, data: Float32Array.of(0, 1) };
    expect(pixelFigures([{ map, truth: null }])).toMatchObject({
      auroc: null,
      ap: null,
      f1Max: null,
      aupro: [{ fprLimit: 0.3, value: null }],
      pixels: 2,
    });
  });

  test('refuses undefined scores, other sizes and senseless limits', () => {
    const truth = { width: 1, height: 1, data: Uint8Array.of(1) };
    const undefinedScore = { rows: 1, columns: 1, data: Float32Array.of(NaN) };
    expect(() => pixelFigures([{ map: undefinedScore, truth: null }])).toThrow(/NaN/);
    expect(() => pixelFigures([{ map: { rows: 1, columns: 2, data: new Float32Array(2) }, truth }])).toThrow(
      /1 x 1/,
    );
    expect(() => pixelFigures([], { fprLimits: [0] })).toThrow(/limit/);
  });
});

describe('one image', () => {
  test('has the figures of a pool of one', () => {
    fc.assert(
      fc.property(pictures, fc.constantFrom(-1, 0, 0.25, 1), ({ map, mask }, threshold) => {
        const { auroc, ap, overlaps } = pixelFigures([{ map, truth: mask }], { thresholds: [threshold] });
        const { threshold: _threshold, ...overlap } = overlaps[0]!;
        expect(imageFigures(map, mask, threshold)).toEqual({ auroc, ap, ...overlap });
      }),
    );
  });

  test('Dice and IoU are 1 for equal masks, also empty ones, and belong together', () => {
    fc.assert(
      fc.property(pictures, ({ map, mask }) => {
        const own = { rows: mask.height, columns: mask.width, data: Float32Array.from(mask.data) };
        expect(dice(countOverlap(own, mask, 1))).toBe(1);
        expect(iou(countOverlap(own, mask, 1))).toBe(1);
        const counts = countOverlap(map, mask, 0);
        const ratio = iou(counts);
        expect(dice(counts)).toBeCloseTo((2 * ratio) / (1 + ratio), 12);
      }),
    );
  });
});

describe('regions', () => {
  test('touch by corners or not, as asked', () => {
    const mask = { width: 3, height: 2, data: Uint8Array.of(1, 0, 1, 0, 1, 0) };
    expect(connectedRegions(mask)).toEqual({ count: 1, labels: Int32Array.of(1, 0, 1, 0, 1, 0), sizes: [3] });
    expect(connectedRegions(mask, 4).sizes).toEqual([1, 1, 1]);
  });

  test('cover the mask exactly', () => {
    fc.assert(
      fc.property(pictures, ({ mask }) => {
        const { labels, sizes } = connectedRegions(mask);
        expect(labels.map((label) => Math.min(label, 1))).toEqual(Int32Array.from(mask.data));
        expect(sizes).toEqual(sizes.map((_, r) => labels.filter((label) => label === r + 1).length));
      }),
    );
  });
});

describe('surface distances', () => {
  const spacing = { row: 0.7, column: 1.3 };

  test('agree with comparing every pair of surface pixels', () => {
    fc.assert(
      fc.property(pictures, ({ map, mask }) => {
        const predicted = thresholdMap(map, 0.5);
        const surface = ({ width, height, data }: Mask): [number, number][] => {
          const at = (x: number, y: number): number =>
            x < 0 || y < 0 || x >= width || y >= height ? 0 : data[y * width + x]!;
          return Array.from(data.keys())
            .map((i): [number, number] => [i % width, Math.floor(i / width)])
            .filter(([x, y]) => at(x, y) && !(at(x - 1, y) && at(x + 1, y) && at(x, y - 1) && at(x, y + 1)));
        };
        const [a, b] = [surface(predicted), surface(mask)];
        const distances = surfaceDistances(predicted, mask, spacing);
        expect(distances === null).toBe(a.length === 0 || b.length === 0);
        if (!distances) return;
        const directed = (from: [number, number][], to: [number, number][]): number[] =>
          from.map(([x, y]) =>
            Math.min(...to.map(([u, v]) => Math.hypot((x - u) * spacing.column, (y - v) * spacing.row))),
          );
        expect(distances.hd).toBeCloseTo(Math.max(...directed(a, b), ...directed(b, a)), 9);
        expect(distances.hd95Max).toBeLessThanOrEqual(distances.hd + 1e-12);
        expect(surfaceDistances(mask, predicted, spacing)).toEqual(distances);
      }),
    );
  });

  test('are 0 from a mask to itself', () => {
    fc.assert(
      fc.property(pictures, ({ mask }) => {
        const distances = surfaceDistances(mask, mask, spacing);
        expect(distances ?? { hd: 0, hd95Pooled: 0, hd95Max: 0 }).toEqual({
          hd: 0,
          hd95Pooled: 0,
          hd95Max: 0,
        });
      }),
    );
  });
});

test('a histogram counts every score once', () => {
  fc.assert(
    fc.property(pictures, ({ map, mask }) => {
      const histogram = createScoreHistogram(-1, 1, 8);
      histogram.addMap(map, mask);
      histogram.addScore(0.99, true);
      const { normal, abnormal } = histogram.result();
      const truth = mask.data.reduce((a, b) => a + b, 0);
      expect(abnormal.reduce((a, b) => a + b)).toBe(truth + 1);
      expect(normal.reduce((a, b) => a + b)).toBe(mask.data.length - truth);
      expect(abnormal[7]).toBeGreaterThanOrEqual(1);
    }),
  );
  expect(() => createScoreHistogram(1, 1, 4)).toThrow(/range/);
});

test('the radix sort orders as the native sort does', () => {
  const random = createRandom(9);
  for (const length of [0, 1, 511, 512, 5000]) {
    const values = Float32Array.from(
      { length },
      () => (random.next() - 0.5) * 2 ** (random.integer(60) - 30),
    );
    values.set([-0, 0, Infinity, -Infinity].slice(0, length));
    const expected = values.slice().sort();
    expect(Array.from(sortFloats(values))).toEqual(Array.from(expected));
  }
});
