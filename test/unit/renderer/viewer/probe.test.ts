import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Mask, PixelArray, ScoreMap } from '#shared/arrays.ts';
import { resizeBilinear } from '#shared/anomaly-map.ts';
import { isMasked, patchAt, pixelAt, scoreAt } from '../../../../src-renderer/viewer/probe.ts';

const map: ScoreMap = { rows: 2, columns: 3, data: Float32Array.of(0, 1, 2, 10, 11, 12) };

describe('pixels', () => {
  const colour: PixelArray = {
    width: 2,
    height: 2,
    channels: 3,
    bits: 16,
    data: Uint16Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 1000, 2000, 3000),
  };

  test('are read as stored, the whole pixel through', () => {
    expect(pixelAt(colour, [1, 1])).toEqual([1000, 2000, 3000]);
    expect(pixelAt(colour, [0.999, 0.999])).toEqual([1, 2, 3]);
  });

  test('end at the border of the image', () => {
    for (const point of [
      [-0.001, 0],
      [0, -1],
      [2, 0],
      [0, 2],
    ] as const)
      expect(pixelAt(colour, point)).toBeUndefined();
  });

  test('know whether they are masked', () => {
    const mask: Mask = { width: 2, height: 1, data: Uint8Array.of(0, 1) };
    expect([isMasked(mask, [0.9, 0]), isMasked(mask, [1, 0]), isMasked(mask, [2, 0])]).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('scores', () => {
  const image = { width: 48, height: 32 };

  test('are the patch’s own at its centre, half way between two, and constant at the border', () => {
    expect(scoreAt({ map }, image, [24, 8])).toBe(1);
    expect(scoreAt({ map }, image, [16, 8])).toBe(0.5);
    expect(scoreAt({ map }, image, [24, 16])).toBe(6);
    expect(scoreAt({ map }, image, [0, 0])).toBe(0);
    expect(scoreAt({ map }, image, [47.9, 31.9])).toBe(12);
  });

  test('are constant over a patch when patches are shown', () => {
    expect(scoreAt({ map, sampling: 'patches' }, image, [15.9, 15.9])).toBe(0);
    expect(scoreAt({ map, sampling: 'patches' }, image, [16, 16])).toBe(11);
  });

  test('lie only where the map and the image lie', () => {
    const placed = { map, covers: { x: 6, y: 4, width: 30, height: 20 } };
    expect(scoreAt(placed, image, [21, 9])).toBe(1);
    expect(scoreAt(placed, image, [5.9, 9])).toBeUndefined();
    expect(scoreAt(placed, image, [36, 9])).toBeUndefined();
    expect(scoreAt({ map, covers: { x: -8, y: 0, width: 64, height: 32 } }, image, [-1, 8])).toBeUndefined();
    expect(patchAt(placed, image, [16, 14])).toEqual({ row: 1, column: 1 });
    expect(patchAt(placed, image, [0, 0])).toBeUndefined();
  });

  test('are missing where they would be mixed with a missing one', () => {
    const holed: ScoreMap = { rows: 1, columns: 3, data: Float32Array.of(1, NaN, 3) };
    expect(scoreAt({ map: holed }, { width: 30, height: 10 }, [4, 5])).toBe(1);
    expect(scoreAt({ map: holed }, { width: 30, height: 10 }, [6, 5])).toBeUndefined();
  });

  const maps = fc.integer({ min: 1, max: 6 }).chain((columns) =>
    fc
      .array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: columns, maxLength: columns * 4 })
      .map((values) => {
        const rows = Math.floor(values.length / columns);
        return { rows, columns, data: Float32Array.from(values.slice(0, rows * columns)) };
      }),
  );

  test('at pixel centres are those of the full-size map the metrics are taken from', () => {
    fc.assert(
      fc.property(
        maps,
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 40 }),
        (any, width, height) => {
          const full = resizeBilinear(any, height, width);
          for (let y = 0; y < height; y++) {
            for (let x = 0; x < width; x++) {
              const score = scoreAt({ map: any }, { width, height }, [x + 0.5, y + 0.5]);
              expect(score).toBeCloseTo(full.data[y * width + x]!, 6);
            }
          }
        },
      ),
    );
  });

  test('never leave the range of their map', () => {
    const part = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(maps, part, part, (any, x, y) => {
        const score = scoreAt({ map: any }, { width: 100, height: 60 }, [x * 100, y * 60]);
        expect(score).toBeGreaterThanOrEqual(Math.min(...any.data) - 1e-12);
        expect(score).toBeLessThanOrEqual(Math.max(...any.data) + 1e-12);
      }),
    );
  });
});
