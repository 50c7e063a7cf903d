import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PatientRule, patientOf, suggestPatientRule } from '#shared/patient-rule.ts';

const before = (separator: '_' | '-' | '.'): PatientRule => ({ kind: 'before', separator });

test.each([
  [before('_'), 'test/Ungood/img/fg6692_z077.png', 'fg6692'],
  [before('-'), 'lot7-003.jpeg', 'lot7'],
  [before('.'), '1.2.840.png', '1'],
  [before('_'), '_003.png', null],
  [before('_'), '003.png', null],
  [{ kind: 'folder' }, 'lot-7/003.png', 'lot-7'],
  [{ kind: 'folder' }, '003.png', null],
  [{ kind: 'pattern', pattern: 'sub-(\\d+)/' }, 'data/sub-12/slice3.png', '12'],
  [{ kind: 'none' }, 'a_1.png', null],
] satisfies [PatientRule, string, string | null][])('%o reads %s as %s', (rule, name, patient) => {
  expect(patientOf(rule, name)).toBe(patient);
});

test('the rule that the names follow is suggested, and none where pictures are merely numbered', () => {
  const slices = ['a_1.png', 'a_2.png', 'b_1.png', 'b_2.png'];
  expect(suggestPatientRule(slices)).toEqual(before('_'));
  expect(suggestPatientRule(slices.map((name) => name.replace('_', '-')))).toEqual(before('-'));
  expect(suggestPatientRule(['000.png', '001.png'])).toEqual({ kind: 'none' });
  // One patient, or one image a patient, tells nothing.
  expect(suggestPatientRule(['a_1.png', 'a_2.png'])).toEqual({ kind: 'none' });
  expect(suggestPatientRule(['a_1.png', 'b_1.png', 'c_1.png'])).toEqual({ kind: 'none' });
});

test('a pattern needs to be a regular expression with exactly one group', () => {
  const accepts = (pattern: string) => PatientRule.safeParse({ kind: 'pattern', pattern }).success;
  expect(['^(.+)_', '(?:a|b)(c)'].map(accepts)).toEqual([true, true]);
  expect(['^.+_', '(a)(b)', '(', ''].map(accepts)).toEqual([false, false, false, false]);
});

test('no name makes a rule throw, and a patient is never empty', () => {
  fc.assert(
    fc.property(fc.string(), (name) => {
      for (const rule of [before('_'), before('.'), { kind: 'folder' } as const])
        expect(patientOf(rule, name)).not.toBe(undefined);
    }),
  );
});
