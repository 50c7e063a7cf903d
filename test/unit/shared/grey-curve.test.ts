import fc from 'fast-check';
import { expect, test } from 'vitest';
import { greyIn, greyTable, tableGreys, valueRange } from '#shared/grey-curve.ts';

test('a table keeps the entries where its line bends', () => {
  const table = greyTable([0, 0.25, 0.5, 0.5, 0.5, 1]);
  expect(table).toEqual({
    entries: 6,
    knots: [
      [0, 0],
      [2, 0.5],
      [4, 0.5],
      [5, 1],
    ],
  });
  expect([...tableGreys(table)]).toEqual([0, 0.25, 0.5, 0.5, 0.5, 1]);
});

test('a long table is drawn by few knots, to less than anybody sees', () => {
  const curved = Array.from({ length: 4096 }, (_, i) => Math.round(4095 * (i / 4095) ** 0.4) / 4095);
  const table = greyTable(curved);
  expect(table.knots.length).toBeLessThan(128);
  tableGreys(table).forEach((grey, i) => expect(Math.abs(grey - curved[i]!)).toBeLessThan(1 / 2000));
});

test('every table has at most 512 knots and keeps its ends', () => {
  const greys = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 3000 });
  fc.assert(
    fc.property(greys, (values) => {
      const { entries, knots } = greyTable(values);
      expect(entries).toBe(values.length);
      expect(knots.length).toBeLessThanOrEqual(512);
      expect([knots[0]![0], knots.at(-1)![0]]).toEqual([0, entries - 1]);
      for (let k = 1; k < knots.length; k++) expect(knots[k]![0]).toBeGreaterThan(knots[k - 1]![0]);
    }),
    { numRuns: 50 },
  );
});

test('greys go from entry to entry, and hold beyond the ends', () => {
  const grey = greyIn({ low: 10, high: 12, curve: greyTable([0.25, 1, 0.5]) });
  expect([9, 10, 10.5, 11, 11.5, 12, 13, NaN].map(grey)).toEqual([0.25, 0.25, 0.625, 1, 0.75, 0.5, 0.5, 0]);
});

test('a sigmoid goes on beyond the ends of its window (PS3.3 C.11.2.1.3.1)', () => {
  const grey = greyIn({ low: 0, high: 100, curve: 'sigmoid' });
  for (const x of [-100, 0, 50, 100, 200])
    expect(grey(x)).toBeCloseTo(1 / (1 + Math.exp((-4 * (x - 50)) / 100)), 12);
});

/** y of PS3.3 C.11.2.1.2.1 and C.11.2.1.3.2 with ymin = 0 and ymax = 1, as they are printed. */
const printed = {
  linear: (x: number, c: number, w: number) =>
    x <= c - 0.5 - (w - 1) / 2 ? 0 : x > c - 0.5 + (w - 1) / 2 ? 1 : (x - (c - 0.5)) / (w - 1) + 0.5,
  'linear-exact': (x: number, c: number, w: number) =>
    x <= c - w / 2 ? 0 : x > c + w / 2 ? 1 : (x - c) / w + 0.5,
} as const;

test.each(['linear', 'linear-exact'] as const)('%s shows values as the standard prints it', (shape) => {
  for (const [centre, width] of [
    [2048, 4096],
    [40, 400],
    [0, 100],
    [0, 1],
    [7.5, 1],
    [3, 2],
  ] as const) {
    const grey = greyIn(valueRange({ centre, width, function: shape, name: null }));
    for (let x = centre - width - 2; x <= centre + width + 2; x += 0.5)
      expect(grey(x), `${x} in ${centre} ${width}`).toBeCloseTo(printed[shape](x, centre, width), 9);
  }
});

test('a width below 1, which LINEAR must not have, is taken as it stands', () => {
  expect(valueRange({ centre: 0.5, width: 0.5, function: 'linear', name: null })).toEqual({
    low: 0.25,
    high: 0.75,
  });
});
