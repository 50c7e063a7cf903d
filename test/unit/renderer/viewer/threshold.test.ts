import fc from 'fast-check';
import { expect, test } from 'vitest';
import { float32AtLeast } from '../../../../src-renderer/viewer/gl/layer.ts';

test('a float32 threshold decides every float32 score as the double threshold does', () => {
  const thresholds = fc.double({ min: -1e30, max: 1e30, noNaN: true });
  fc.assert(
    fc.property(
      thresholds,
      fc.float({ min: -Math.fround(1e30), max: Math.fround(1e30), noNaN: true }),
      (threshold, score) => {
        expect(score >= float32AtLeast(threshold)).toBe(score >= threshold);
        const near = Math.fround(threshold);
        expect(near >= float32AtLeast(threshold)).toBe(near >= threshold);
      },
    ),
  );
  expect(float32AtLeast(0.5)).toBe(0.5);
  expect(float32AtLeast(1e-60)).toBeGreaterThan(0);
});
