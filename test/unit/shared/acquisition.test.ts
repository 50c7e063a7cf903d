import { expect, test } from 'vitest';
import { sampleOf, valueOf } from '#shared/acquisition.ts';

test('values and samples are each other turned round', () => {
  const rescale = { slope: 2.5, intercept: -7, unit: null };
  expect(valueOf(rescale, 4)).toBe(3);
  expect(sampleOf(rescale, valueOf(rescale, 17))).toBe(17);
});
