import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { digamma } from '#engine/methods/dpmm/digamma.ts';
import {
  initialMixture,
  logWeights,
  negativeMeanLogLikelihood,
  scoreDpmm,
  startFit,
  updateFit,
  weights,
} from '#engine/methods/dpmm/index.ts';
import type { CovarianceKind, Mixture } from '#engine/methods/dpmm/index.ts';
import { createRandom } from '#shared/random.ts';

const kinds: CovarianceKind[] = ['diagonal', 'full'];
const settings = { regularisation: 1e-3, updateRate: 0.2, epsilon: 1e-7 };

/** Three separate clouds in the plane. */
function clouds(rows: number, seed: number): Float32Array {
  const random = createRandom(seed);
  const near = (): number => random.next() + random.next() - 1;
  return Float32Array.from({ length: rows * 2 }, (_, at) => {
    const cloud = Math.floor(at / 2) % 3;
    return (at % 2 === 0 ? [0, 10, -10] : [0, 10, 10])[cloud]! + near();
  });
}

test('digamma obeys its recurrence and known values', () => {
  expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 13);
  expect(digamma(0.5)).toBeCloseTo(-1.9635100260214235, 13);
  fc.assert(
    fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (x) => {
      expect(Math.abs(digamma(x + 1) - digamma(x) - 1 / x)).toBeLessThan(1e-12 * (1 + 1 / x));
    }),
  );
});

test('weights add up to 1 and agree with their logarithms when the stick is used up', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0.01, max: 0.99, noNaN: true }), { maxLength: 20 }), (parts) => {
      const breaks = Float64Array.from([...parts, 1]);
      const shares = weights(breaks);
      expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      for (const [j, log] of logWeights(breaks).entries()) expect(Math.exp(log)).toBeCloseTo(shares[j]!, 12);
    }),
  );
});

describe.each(kinds)('a mixture with %s covariances', (kind) => {
  const start = { k: 8, kind, alpha: 2, regularisation: 1e-3, seed: 4 };

  test('learns clouds: the loss falls and unknown places score higher', () => {
    const first = clouds(120, 1);
    let state = startFit(initialMixture(first, 2, start), start.alpha);
    const before = negativeMeanLogLikelihood(state.mixture, first);
    for (let step = 0; step < 30; step++) state = updateFit(state, clouds(120, step), settings);
    expect(negativeMeanLogLikelihood(state.mixture, first)).toBeLessThan(before);

    const image = { rows: 1, columns: 2, dimension: 2, data: Float32Array.of(10, 10, 0, 25) };
    const scored = scoreDpmm(state.mixture, image);
    for (const { data } of [scored.negativeLogLikelihood, scored.euclidean, scored.mahalanobis]) {
      expect(data[1]).toBeGreaterThan(data[0]!);
    }
    expect(scored.activeComponents).toBeGreaterThanOrEqual(3);
  });

  test('starts the same for the same seed and refuses a batch that is too small', () => {
    const batch = clouds(20, 2);
    expect(initialMixture(batch, 2, start)).toEqual(initialMixture(batch, 2, start));
    expect(() => initialMixture(batch.slice(0, 8), 2, start)).toThrow(/4 patches/);
  });
});

test('one component is a plain Gaussian', () => {
  const mixture: Mixture = {
    k: 1,
    dimension: 1,
    kind: 'diagonal',
    breaks: Float64Array.of(1),
    means: Float64Array.of(2),
    covariances: Float64Array.of(9),
  };
  const scored = scoreDpmm(mixture, { rows: 1, columns: 1, dimension: 1, data: Float32Array.of(8) });
  expect(scored.euclidean.data[0]).toBe(6);
  expect(scored.mahalanobis.data[0]).toBe(2);
  expect(scored.cosine.data[0]).toBe(0);
  expect(scored.negativeLogLikelihood.data[0]).toBeCloseTo(2 + 0.5 * Math.log(2 * Math.PI * 9), 6);
  const wrong = { rows: 1, columns: 1, dimension: 2, data: new Float32Array(2) };
  expect(() => scoreDpmm(mixture, wrong)).toThrow(/dimension 2/);
});

test('full and diagonal covariances agree when nothing is correlated', () => {
  const shared = { k: 2, dimension: 2, breaks: Float64Array.of(0.3, 1), means: Float64Array.of(0, 1, 2, 3) };
  const diagonal: Mixture = { ...shared, kind: 'diagonal', covariances: Float64Array.of(1, 2, 3, 4) };
  const full: Mixture = { ...shared, kind: 'full', covariances: Float64Array.of(1, 0, 2, 3, 0, 4) };
  const image = { rows: 5, columns: 1, dimension: 2, data: clouds(5, 0) };
  const [a, b] = [scoreDpmm(diagonal, image), scoreDpmm(full, image)];
  for (const [i, value] of a.negativeLogLikelihood.data.entries()) {
    expect(b.negativeLogLikelihood.data[i]).toBeCloseTo(value, 4);
    expect(b.mahalanobis.data[i]).toBeCloseTo(a.mahalanobis.data[i]!, 4);
  }
});
