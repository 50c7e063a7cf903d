import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sha256OfPixels, statistics } from '#engine/imaging/statistics.ts';

test('the figures are over the finite samples, the others are counted', () => {
  const data = Float32Array.from([NaN, -2, Infinity, 4, -Infinity, 1]);
  expect(statistics({ data })).toEqual({ min: -2, max: 4, mean: 1, nanCount: 1, infiniteCount: 2 });
  expect(statistics({ data: Float32Array.from([NaN]) })).toMatchObject({ min: NaN, max: NaN, mean: NaN });
});

test('the mean lies between minimum and maximum, which both occur', () => {
  fc.assert(
    fc.property(fc.int16Array({ minLength: 1 }), (data) => {
      const { min, max, mean } = statistics({ data });
      expect(data).toContain(min);
      expect(data).toContain(max);
      expect(mean).toBeGreaterThanOrEqual(min);
      expect(mean).toBeLessThanOrEqual(max);
    }),
  );
});

test('the hash is of the little-endian bytes', () => {
  const data = Uint16Array.from([1, 256]);
  // printf '\x01\x00\x00\x01' | sha256sum
  const known = 'afa7518106309c22';
  expect(sha256OfPixels({ data }).slice(0, 16)).toBe(known);
  const part = new Uint16Array(Uint16Array.from([9, 1, 256]).buffer, 2);
  expect(sha256OfPixels({ data: part })).toBe(sha256OfPixels({ data }));
});
