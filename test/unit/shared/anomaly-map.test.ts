import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { anomalyMap, imageScore, resizeBilinear, topPatchCount } from '#shared/anomaly-map.ts';
import type { ScoreMap } from '#shared/arrays.ts';

const side = fc.integer({ min: 1, max: 12 });
const maps: fc.Arbitrary<ScoreMap> = fc.tuple(side, side).chain(([rows, columns]) =>
  fc
    .array(fc.float({ min: -1, max: 1, noNaN: true }), {
      minLength: rows * columns,
      maxLength: rows * columns,
    })
    .map((values) => ({ rows, columns, data: Float32Array.from(values) })),
);
const extremes = (map: ScoreMap): [number, number] => [Math.min(...map.data), Math.max(...map.data)];

describe('bilinear resize', () => {
  test('keeps bounds, and so constants', () => {
    fc.assert(
      fc.property(maps, side, side, (map, rows, columns) => {
        const [low, high] = extremes(map);
        const [lowAfter, highAfter] = extremes(resizeBilinear(map, rows, columns));
        expect(lowAfter).toBeGreaterThanOrEqual(low - 1e-6);
        expect(highAfter).toBeLessThanOrEqual(high + 1e-6);
      }),
    );
  });

  test('to the same size changes nothing', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const same = resizeBilinear(map, map.rows, map.columns).data;
        for (const [i, value] of map.data.entries()) expect(same[i]).toBeCloseTo(value, 9);
      }),
    );
  });

  test('uses half-pixel centres and repeats the edge', () => {
    const map = { rows: 1, columns: 2, data: Float32Array.of(0, 1) };
    expect(resizeBilinear(map, 1, 4).data).toEqual(Float32Array.of(0, 0.25, 0.75, 1));
  });

  test('refuses an empty map', () => {
    expect(() => resizeBilinear({ rows: 0, columns: 0, data: new Float32Array() }, 4, 4)).toThrow(
      /cannot be resized/,
    );
  });
});

describe('anomaly map', () => {
  test('raw keeps the scores', () => {
    fc.assert(
      fc.property(maps, (map) => {
        expect(anomalyMap(map, null, 'raw').data).toEqual(map.data);
      }),
    );
  });

  test('min-max spans 0..1 or is flat, and the least anomalous patch gets 0', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const [low, high] = extremes(map);
        const [lowAfter, highAfter] = extremes(anomalyMap(map, null, 'minmax'));
        expect(lowAfter).toBe(0);
        expect(highAfter).toBe(high - low < 1e-7 ? 0 : 1);
      }),
    );
  });

  test('masked patches are 0 and do not stretch the scale', () => {
    const scores = { rows: 1, columns: 4, data: Float32Array.of(2, 0.5, 0.25, 0) };
    const counted = { rows: 1, columns: 4, data: Uint8Array.of(0, 1, 1, 1) };
    expect(anomalyMap(scores, counted, 'minmax').data).toEqual(Float32Array.of(0, 1, 0.5, 0));
    expect(anomalyMap(scores, counted, 'raw').data).toEqual(Float32Array.of(0, 0.5, 0.25, 0));
  });

  test('nothing counted gives 0 everywhere; another grid is refused', () => {
    const scores = { rows: 1, columns: 2, data: Float32Array.of(0.1, 0.2) };
    const none = { rows: 1, columns: 2, data: new Uint8Array(2) };
    expect(anomalyMap(scores, none, 'minmax').data).toEqual(new Float32Array(2));
    expect(() => anomalyMap(scores, { rows: 2, columns: 1, data: new Uint8Array(2) }, 'raw')).toThrow(
      /2 x 1/,
    );
  });
});

describe('image score', () => {
  test('lies between the mean and the maximum, whatever the order of the patches', () => {
    fc.assert(
      fc.property(maps, (map) => {
        const score = imageScore(map);
        const mean = map.data.reduce((a, b) => a + b, 0) / map.data.length;
        expect(score).toBeGreaterThanOrEqual(mean - 1e-6);
        expect(score).toBeLessThanOrEqual(Math.max(...map.data));
        expect(imageScore({ ...map, data: map.data.slice().reverse() })).toBe(score);
      }),
    );
  });

  test.each([
    [1, 1],
    [99, 1],
    [199, 1],
    [200, 2],
    [1024, 10],
  ])('of %i patches averages %i', (patches, count) => {
    expect(topPatchCount(patches)).toBe(count);
  });
});
