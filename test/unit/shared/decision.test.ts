import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ImageId } from '#shared/domain.ts';
import {
  confusion,
  cutForRate,
  decide,
  flipped,
  rateIntervals,
  rates,
  type DecidedImage,
} from '#shared/decision.ts';
import { patientOf } from '#shared/patient.ts';
import { bootstrapP, bootstrapReplicates, percentileInterval } from '#shared/resampling.ts';

const images = fc
  .array(fc.record({ score: fc.integer({ min: 0, max: 12 }), abnormal: fc.boolean(), patient: fc.nat(5) }), {
    minLength: 1,
    maxLength: 40,
  })
  .map((rows) =>
    rows.map(({ score, abnormal, patient }, i): DecidedImage => ({
      imageId: (i + 1) as ImageId,
      label: abnormal ? 'abnormal' : 'normal',
      patient: `p${patient}`,
      imageScore: score / 8,
    })),
  );

test('a cut for a rate keeps the rate, and the next score would not', () => {
  fc.assert(
    fc.property(
      images,
      fc.constantFrom('fpr', 'fnr'),
      fc.constantFrom(0, 0.05, 0.1, 0.3),
      (all, kind, target) => {
        const cut = cutForRate(all, kind, target);
        const at = (value: number) => rates(confusion(all, { low: value, high: value }))[kind];
        fc.pre(cut !== null);
        expect(at(cut)!).toBeLessThanOrEqual(target + 1e-9);
        const better = all
          .map(({ imageScore }) => imageScore)
          .filter((score) => (kind === 'fpr' ? score < cut : score > cut) && at(score)! <= target);
        // A lower cut (or a higher one, for false negatives) may only exist among scores that change nothing.
        for (const score of better) expect(at(score)).toBe(at(cut));
      },
    ),
  );
});

test('the grey zone lies between, and every image is counted once', () => {
  const cuts = { low: 0.4, high: 0.8 };
  expect([0.3, 0.4, 0.79, 0.8].map((score) => decide(score, cuts))).toEqual([
    'normal',
    'grey',
    'grey',
    'abnormal',
  ]);
  fc.assert(
    fc.property(images, (all) => {
      const counts = confusion(all, cuts);
      const sum = Object.values(counts).flatMap((row) => Object.values(row) as number[]);
      expect(sum.reduce((a, b) => a + b)).toBe(all.length);
      expect(flipped(all, cuts, cuts)).toEqual([]);
    }),
  );
});

test('intervals contain what they are of, whichever patients are drawn', () => {
  fc.assert(
    fc.property(images, (all) => {
      const cuts = { low: 0.7, high: 0.7 };
      const options = { replicates: 200, seed: 3 };
      const found = rateIntervals(all, cuts, { kind: 'fpr', rate: 0.1 }, options);
      expect(rateIntervals(all, cuts, { kind: 'fpr', rate: 0.1 }, options)).toEqual(found);
      const known = [found.fpr, found.fnr].filter((interval) => interval !== null);
      for (const { low, high } of known) expect(low).toBeLessThanOrEqual(high);
      const alone = all.map((image) => ({ ...image, patient: 'one' }));
      // Of one patient every draw is the data again.
      expect(rateIntervals(alone, cuts, null, options)).toEqual({ cut: null, fpr: null, fnr: null });
    }),
    { numRuns: 30 },
  );
});

test('nothing is drawn where each kind has one patient', () => {
  expect([...bootstrapReplicates([0, 1], 100, 1)]).toEqual([]);
  expect([...bootstrapReplicates([0, 1, 1], 100, 1)]).toHaveLength(100);
});

test('replicates keep the number of patients of each kind', () => {
  const strata = [0, 0, 0, 1, 1];
  let visits = 0;
  const drawn = new Float64Array(5);
  for (const weights of bootstrapReplicates(strata, 2000, 1)) {
    visits++;
    expect(weights[0]! + weights[1]! + weights[2]!).toBe(3);
    expect(weights[3]! + weights[4]!).toBe(2);
    weights.forEach((weight, i) => (drawn[i]! += weight));
  }
  expect(visits).toBe(2000);
  for (const count of drawn) expect(count / 2000).toBeCloseTo(1, 1);
  expect(percentileInterval([NaN, 1, 2, 3])).toEqual({ low: 1.05, high: 2.95 });
  expect(percentileInterval([NaN])).toBeNull();
  expect(bootstrapP([1, 2, 3])).toBeCloseTo(0.5, 12);
  expect(bootstrapP([-1, 1])).toBe(1);
});

test('the patient of a file is its name without the slice', () => {
  expect(
    [
      'test/img/fg6692_z077.png',
      'subject12_z42.png',
      '00012_60.png',
      'BraTS_slice-8.png',
      'good/000.jpg',
      'x/scan.png',
    ].map(patientOf),
  ).toEqual(['fg6692', 'subject12', '00012', 'BraTS', 'good/000.jpg', 'x/scan.png']);
});
