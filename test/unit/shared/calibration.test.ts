import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  calibrationFractions,
  fractionText,
  hotterThan,
  nines,
  scoreAt,
  type Calibration,
} from '#shared/calibration.ts';
import { createScoreQuantiles } from '../../../src-engine/metrics/score-quantiles.ts';

function calibrationOf(scores: readonly number[]): Calibration {
  const quantiles = createScoreQuantiles();
  for (const score of scores) quantiles.add(score);
  const result = quantiles.result()!;
  return { images: 1, fractions: [...calibrationFractions], ...result };
}

const floats = fc.float({ min: -1000, max: 1000, noNaN: true }).filter((value) => Math.abs(value) > 1e-3);

describe('a table of quantiles', () => {
  test('says which part of the scores lies below another, to half a per cent and the fineness of its bins', () => {
    fc.assert(
      fc.property(fc.array(floats, { minLength: 20, maxLength: 400 }), floats, (scores, asked) => {
        const table = calibrationOf(scores);
        const bin = Math.abs(asked) / 1000;
        const below = scores.filter((score) => score < asked - bin).length / scores.length;
        const notAbove = scores.filter((score) => score <= asked + bin).length / scores.length;
        const step = 0.005 + 1 / scores.length;
        const said = hotterThan(table, asked);
        expect(said).toBeGreaterThanOrEqual(below - step);
        expect(said).toBeLessThanOrEqual(notAbove + step);
      }),
      { numRuns: 15 },
    );
  });

  test('is dense where it matters: one pixel in ten thousand is told from one in a thousand', () => {
    // An exponential tail: the score of the fraction f is -ln(1 - f).
    const table = calibrationOf(
      Array.from({ length: 100_000 }, (_, i) => -Math.log(1 - (i + 0.5) / 100_000)),
    );
    for (const fraction of [0.5, 0.99, 0.999, 0.9999]) {
      const score = -Math.log(1 - fraction);
      expect(hotterThan(table, score)).toBeCloseTo(fraction, fraction > 0.9 ? 4 : 2);
      expect(scoreAt(table, fraction)).toBeCloseTo(score, 1);
    }
    expect(hotterThan(table, 20)).toBe(1);
    expect(hotterThan(table, 0)).toBe(0);
  });

  test('goes up with the score, and back to it', () => {
    const table = calibrationOf(Array.from({ length: 5000 }, (_, i) => Math.sin(i) ** 3));
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (fraction) => {
        expect(hotterThan(table, scoreAt(table, fraction))).toBeGreaterThanOrEqual(fraction - 0.006);
      }),
    );
    expect(table.scores).toEqual(table.scores.toSorted((a, b) => a - b));
  });

  test('is not made of nothing', () => {
    expect(createScoreQuantiles().result()).toBeNull();
  });
});

test('colours are spread by nines, and a fraction is never rounded up to all', () => {
  expect([0, 0.9, 0.99, 0.999, 0.9999, 1].map(nines)).toEqual(
    [0, 0.25, 0.5, 0.75, 1, 1].map((value) => expect.closeTo(value, 6)),
  );
  expect(fractionText(0.9972)).toBe('99.7 %');
  expect(fractionText(0.99999)).toBe('99.999 %');
  expect(fractionText(0.5)).toBe('50.0 %');
  expect(fractionText(1)).toBe('100 %');
});
