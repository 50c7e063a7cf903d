import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fullMap } from '#shared/full-map.ts';
import { Evaluation, Preview } from '#shared/results.ts';
import {
  colourRange,
  defaultThreshold,
  mapView,
  niceStep,
} from '../../../../src-renderer/features/inspect/model/map-view.ts';

const preview = Preview.parse({
  imageId: 1,
  support: [{ imageId: 2, similarity: 0.9 }],
  scores: { rows: 2, columns: 2, data: [0.1, 0.5, 0.3, 0.9] },
  foreground: { rows: 2, columns: 2, data: [1, 1, 1, 0] },
  imageScore: 0.5,
  clusterSizes: [2, 1],
  milliseconds: { decode: 0, features: 0, match: 0, cluster: 1, map: 1 },
});

const ranking = { auroc: 0.9, ap: 0.5, f1max: 0.6, f1maxThreshold: 0.42 };
const histogram = { edges: [0, 0.4, 0.8], normal: [5, 1], abnormal: [1, 2] };
const evaluation = Evaluation.parse({
  runId: 1,
  scale: 'raw',
  scope: 'abnormal',
  images: 3,
  labelledImages: 3,
  unknownGroundTruth: 0,
  pixel: {
    ...ranking,
    aupro: 0.7,
    auproAt: [],
    sensitivityAt: [],
    positives: 3,
    count: 9,
    regions: 1,
  },
  image: { ...ranking, sensitivityAt: [] },
  calibration: null,
  curves: {
    pixel: { roc: [], precisionRecall: [], perRegionOverlap: [] },
    image: { roc: [], precisionRecall: [] },
  },
  histogram: { pixel: histogram, image: histogram },
  perImage: [],
});

const plain = { rule: { resize: 'bilinear', sigma: 0 }, width: 8, height: 8 } as const;

test('what is drawn is what is measured', () => {
  const view = mapView(preview, 'raw', plain);
  expect(view.drawn).toBe(view.map);
  const smoothed = mapView(preview, 'raw', { rule: { resize: 'bilinear', sigma: 1 }, width: 8, height: 8 });
  expect(smoothed.drawn).toEqual(fullMap(view.map, { resize: 'bilinear', sigma: 1 }, 8, 8));
  // Their maximum is lower than that of the patches, and so are the ends of slider and percentiles.
  expect(smoothed.sorted.at(-1)!).toBeLessThan(view.sorted.at(-1)!);
  expect(smoothed.sorted).toHaveLength(3);
});

test('raw is the score, and background takes no part', () => {
  const view = mapView(preview, 'raw', plain);
  expect([...view.map.data]).toEqual([0.1, 0.5, 0.3, 0].map((value) => expect.closeTo(value, 6)));
  expect([...view.sorted]).toEqual([0.1, 0.3, 0.5].map((value) => expect.closeTo(value, 6)));
});

test('the scale of the paper spans 0 to 1 over the foreground', () => {
  const view = mapView(preview, 'minmax', plain);
  expect([view.sorted[0], view.sorted.at(-1)]).toEqual([0, 1]);
  expect(colourRange(view, evaluation)).toEqual({ low: 0, high: 1 });
});

test('raw colours span the whole run, and this image where it goes beyond', () => {
  const view = mapView(preview, 'raw', plain);
  expect(colourRange(view, evaluation)).toEqual({ low: 0, high: 0.8 });
  const alone = colourRange(view, undefined);
  expect([alone.low, alone.high]).toEqual([expect.closeTo(0.1, 6), expect.closeTo(0.5, 6)]);
});

test('the threshold comes from the run, else from the 98th percentile', () => {
  const view = mapView(preview, 'raw', plain);
  expect(defaultThreshold(view, evaluation)).toEqual({ value: 0.42, source: 'run' });
  expect(defaultThreshold(view, undefined)).toEqual({
    value: expect.closeTo(0.492, 5),
    source: 'percentile',
  });
});

test('a slider has about two hundred round steps over any range', () => {
  const range = fc.tuple(
    fc.double({ min: 0, max: 10, noNaN: true }),
    fc.double({ min: 1e-4, max: 100, noNaN: true }),
  );
  fc.assert(
    fc.property(range, ([low, span]) => {
      const step = niceStep({ low, high: low + span });
      expect(span / step).toBeGreaterThanOrEqual(199);
      expect(span / step).toBeLessThanOrEqual(510);
      expect(['1', '2', '5']).toContain(step.toExponential()[0]);
    }),
  );
});
