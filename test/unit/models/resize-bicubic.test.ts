import { expect, test } from 'vitest';
import { preprocess } from '../../../src-engine/models/preprocess.ts';
import { resizePlane } from '../../../src-engine/models/resize.ts';

test('bicubic values worked out by hand: 2 -> 4 with a = -0.5', () => {
  // Weights of the two pixels at distances 0.25 and 0.75, beside 1.25 or 1.75 that fall outside and are left out.
  const at = (d: number) =>
    d < 1 ? 1.5 * d ** 3 - 2.5 * d ** 2 + 1 : -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2;
  const second = (far: number, near: number) => at(far) / (at(far) + at(near));
  const grown = resizePlane(Float32Array.of(0, 1), 2, 1, 4, 1, 'bicubic');
  const expected = [second(1.25, 0.25), second(0.75, 0.25), second(0.25, 0.75), second(0.25, 1.25)];
  for (const [index, value] of expected.entries()) expect(grown[index]).toBeCloseTo(value, 6);
});

test('what the cubic overshoots is cut off before an image is normalised', () => {
  const data = Uint8Array.from({ length: 64 }, (_, i) => (i % 8 < 4 ? 0 : 255));
  const image = { width: 8, height: 8, channels: 1, bits: 8, data } as const;
  const options = { size: 28, patch: 14, fit: 'squash', normalisation: null } as const;
  const { data: input } = preprocess(image, { ...options, interpolation: 'bicubic' });
  expect(Math.min(...input)).toBe(0);
  expect(Math.max(...input)).toBe(1);
  expect(input).not.toEqual(preprocess(image, options).data);
});
