import { expect, test } from 'vitest';
import { cohenKappa } from '../../../src-engine/metrics/cohen-kappa.ts';
import { lesionHits } from '../../../src-engine/metrics/lesion-hits.ts';

const mask = (rows: readonly string[]) => ({
  width: rows[0]!.length,
  height: rows.length,
  data: Uint8Array.from(rows.join(''), Number),
});

test('kappa is that of scikit-learn', () => {
  // sklearn.metrics.cohen_kappa_score on the same series.
  const words = (text: string) => text.split(' ');
  expect(cohenKappa(words('n n a a u n a n a a'), words('n a a a u n n n a u'))).toBeCloseTo(16 / 31, 12);
  expect(cohenKappa(words('n n a a'), words('n n a a'))).toBe(1);
  expect(cohenKappa(words('n n a a'), words('a a n n'))).toBe(-1);
  expect(cohenKappa(words('n n'), words('n n'))).toBeNull();
  expect(cohenKappa([], [])).toBeNull();
});

test('a lesion is found by one pixel, a mark that touches none is a false positive', () => {
  const truth = mask(['110011', '000000', '000000', '100000']);
  const marked = mask(['010000', '000000', '000110', '000000']);
  expect(lesionHits(marked, truth)).toEqual({ lesions: 3, found: 1, falsePositives: 1 });
  expect(lesionHits(mask(['000000', '000000', '000000', '000000']), truth)).toMatchObject({
    found: 0,
    falsePositives: 0,
  });
});
