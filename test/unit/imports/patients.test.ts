import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlannedImage } from '#main/imports/layouts/plan.ts';
import { describePatients, holdOut, withPatients } from '#main/imports/patients.ts';

const image = (name: string, role: PlannedImage['role'], patient: string | null = null): PlannedImage => ({
  path: `/data/${name}`,
  name,
  role,
  label: 'unknown',
  split: null,
  defect: null,
  patient,
  maskPaths: [],
  mask: 'unknown',
});

test('a patient named by the layout stays, the others are read from their names', () => {
  const { items, rule } = withPatients(
    [image('a_1.png', 'normal', 'lot 9'), image('a_2.png', 'normal'), image('b_1.png', 'query')],
    { kind: 'before', separator: '_' },
  );
  expect(items.map(({ patient }) => patient)).toEqual(['lot 9', 'a', 'b']);
  expect(describePatients(rule, items)).toMatchObject({ patients: 3, alone: 0, onBothSides: 0 });
});

test('a patient on both sides is counted', () => {
  const items = [image('1', 'normal', 'a'), image('2', 'query', 'a'), image('3', 'query')];
  expect(describePatients({ kind: 'none' }, items)).toMatchObject({ alone: 1, onBothSides: 1 });
});

test('held-out images reach the fraction, and no patient is on both sides', () => {
  const patients = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', null), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(patients, fc.double({ min: 0, max: 0.9, noNaN: true }), (of, fraction) => {
      const items = of.map((patient, index) => image(`${index}.png`, 'normal', patient));
      const split = holdOut(items, fraction);
      const held = split.filter(({ role }) => role === 'query');
      expect(held.length).toBeGreaterThanOrEqual(fraction * items.length);
      expect(held.every(({ label, mask }) => label === 'normal' && mask === 'empty')).toBe(true);
      expect(describePatients({ kind: 'none' }, split).onBothSides).toBe(0);
      expect(holdOut(items, fraction)).toEqual(split);
    }),
  );
});
