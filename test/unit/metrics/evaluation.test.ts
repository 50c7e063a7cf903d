/** Against scikit-learn, SciPy and plain NumPy: test/fixtures/evaluation/make.py. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { calibration, fitPlatt } from '#engine/metrics/calibration.ts';
import {
  correlation,
  createFroc,
  createGroupedPixels,
  createImageReplicates,
  createPixelMetrics,
  deLongTest,
  cohenKappa,
  pixelFigures,
  rankCorrelation,
  rankingOf,
  rocCurve,
} from '#engine/metrics/index.ts';
import { twoSidedP } from '#engine/metrics/normal-distribution.ts';
import { descendingOrder } from '#engine/metrics/sort-order.ts';

interface Expected {
  rows: number;
  columns: number;
  patients: number[];
  maps: number[][];
  masks: number[][];
  sensitivity: { rate: number; value: number }[];
  replicates: { weights: number[]; auroc: number; ap: number; f1Max: number; aupro: number }[];
  froc: { lesions: number; points: [number, number, number][] };
  images: { labels: number[]; first: number[]; second: number[] };
  delong: { aurocs: number[]; variances: number[]; covariance: number; z: number; p: number };
  platt: { intercept: number; slope: number };
  spearman: number;
  pearson: number;
  kappa: number;
  normal: { z: number; p: number }[];
}

const expected = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../fixtures/evaluation/expected.json'), 'utf8'),
) as Expected;
const { rows, columns, patients } = expected;
const maps = expected.maps.map((values, i) => ({
  map: { rows, columns, data: Float32Array.from(values) },
  truth: { width: columns, height: rows, data: Uint8Array.from(expected.masks[i]!) },
}));
const { labels, first, second } = expected.images;

test('sensitivity at fixed false positive rates', () => {
  const rates = expected.sensitivity.map(({ rate }) => rate);
  const { sensitivity } = pixelFigures(maps, { rates });
  for (const [i, { value }] of expected.sensitivity.entries()) expect(sensitivity[i]).toBeCloseTo(value, 12);
});

describe('replicates of the bootstrap', () => {
  /** With an edge at every anomalous score nothing is lost by counting in bins. */
  const anomalous = createPixelMetrics();
  for (const { map, truth } of maps) anomalous.add(map, truth);
  const grouped = createGroupedPixels(anomalous.ranked().quantiles(10_000), 4);
  for (const [i, { map, truth }] of maps.entries()) grouped.add(map, truth, patients[i]!);

  test.each(expected.replicates)('patients drawn $weights times', ({ weights, ...figures }) => {
    const replicate = grouped.replicate(weights, 0.3);
    expect(replicate.auroc).toBeCloseTo(figures.auroc, 2);
    expect(replicate.ap).toBeCloseTo(figures.ap, 12);
    expect(replicate.f1Max).toBeCloseTo(figures.f1Max, 12);
    expect(replicate.aupro).toBeCloseTo(figures.aupro, 2);
  });

  test('of image scores are those of the images repeated', () => {
    const groups = labels.map((_, i) => i % 7);
    const replicate = createImageReplicates(
      labels.map((label, i) => ({ score: first[i]!, abnormal: label === 1, group: groups[i]! })),
    );
    const weights = [0, 2, 1, 1, 3, 0, 1];
    const repeated = labels.flatMap((_, i) => Array.from({ length: weights[groups[i]!]! }, () => i));
    const whole = createImageReplicates(
      repeated.map((i) => ({ score: first[i]!, abnormal: labels[i] === 1, group: 0 })),
    );
    expect(replicate(weights)).toEqual(whole([1]));
  });
});

test('FROC', () => {
  const builder = createFroc();
  for (const { map, truth } of maps) builder.add(map, truth);
  const { lesions, points } = builder.result();
  expect(lesions).toBe(expected.froc.lesions);
  expect(points).toHaveLength(expected.froc.points.length);
  for (const [i, [threshold, falsePositives, sensitivity]] of expected.froc.points.entries()) {
    expect(points[i]!.threshold).toBeCloseTo(threshold, 6);
    expect(points[i]!.falsePositives).toBeCloseTo(falsePositives, 12);
    expect(points[i]!.sensitivity).toBeCloseTo(sensitivity, 12);
  }
});

test("DeLong's test", () => {
  const { aurocs, variances, covariance, z, p } = deLongTest(first, second, labels)!;
  expect(aurocs[0]).toBeCloseTo(expected.delong.aurocs[0]!, 12);
  expect(aurocs[1]).toBeCloseTo(expected.delong.aurocs[1]!, 12);
  expect(variances[0]).toBeCloseTo(expected.delong.variances[0]!, 12);
  expect(covariance).toBeCloseTo(expected.delong.covariance, 12);
  expect(z).toBeCloseTo(expected.delong.z, 9);
  expect(p).toBeCloseTo(expected.delong.p, 9);
  expect(deLongTest(first, first, labels)).toMatchObject({ z: null, p: null });
});

test("Platt's map, and no calibration where a fit means nothing", () => {
  const cases = labels.map((label, i) => ({ score: first[i]!, abnormal: label === 1, group: `${i}` }));
  const { intercept, slope } = fitPlatt(cases);
  expect(intercept).toBeCloseTo(expected.platt.intercept, 5);
  expect(slope).toBeCloseTo(expected.platt.slope, 5);
  const { brier, brierOfPrevalence, bins } = calibration(cases)!;
  expect(brier).toBeLessThan(brierOfPrevalence);
  expect(bins.reduce((sum, bin) => sum + bin.images, 0)).toBe(40);
  expect(calibration(cases.map((one) => ({ ...one, abnormal: true })))).toBeNull();
  expect(calibration(cases.map((one) => ({ ...one, group: 'same' })))).toBeNull();
});

test('agreement and the normal distribution', () => {
  expect(rankCorrelation(first, second)).toBeCloseTo(expected.spearman, 12);
  expect(correlation(first, second)).toBeCloseTo(expected.pearson, 12);
  expect(
    cohenKappa(
      first.map((score) => score >= 0.5),
      second.map((score) => score >= 0.5),
    ),
  ).toBeCloseTo(expected.kappa, 12);
  for (const { z, p } of expected.normal) expect(twoSidedP(z) / p).toBeCloseTo(1, 9);
});

test('a thinned ROC curve keeps its area', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.nat(1)), { minLength: 60 }),
      (pairs) => {
        const ranking = rankingOf(
          pairs.map(([score, label]) => score + 5 * label),
          pairs.map(([, label]) => label),
        );
        const curve = rocCurve(ranking);
        if (curve.length === 0) return;
        let [area, won] = [0, 0];
        for (const [i, [x, y]] of curve.entries()) {
          if (i > 0) area += ((x - curve[i - 1]![0]) * (y + curve[i - 1]![1])) / 2;
        }
        ranking.forEachStep(({ from, to, negativesAbove, negativesAtOrAbove }) => {
          won += (to - from) * (ranking.negatives - (negativesAbove + negativesAtOrAbove) / 2);
        });
        expect(area).toBeCloseTo(won / (ranking.positives * ranking.negatives), 2);
      },
    ),
  );
});

test('order from the largest down', () => {
  fc.assert(
    fc.property(fc.array(fc.float({ noNaN: true })), (values) => {
      const data = Float32Array.from(values);
      const ordered = Array.from(descendingOrder(data), (i) => data[i]!);
      expect(ordered.every((value, i) => i === 0 || ordered[i - 1]! >= value)).toBe(true);
      expect(new Set(descendingOrder(data)).size).toBe(values.length);
    }),
  );
});
