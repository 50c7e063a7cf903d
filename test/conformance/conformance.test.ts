import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compareTree } from './compare.ts';
import { operations, runCase } from './conformance.ts';
import { readFixture } from './fixture.ts';
import type { FixtureCase } from './fixture.ts';

const kept = 'test/fixtures/method';
const sharedFolders = ['method', 'clip-text', 'ad-dinov3'].map((name) => `../shared/fixtures/${name}`);
const casesOf = (folder: string): readonly FixtureCase[] =>
  existsSync(folder) ? readFixture(folder).cases : [];

test.for(casesOf(kept))('cases kept with the code: $op $id', async (fixtureCase) => {
  expect(await runCase(kept, fixtureCase)).toEqual([]);
});

describe.each(sharedFolders)('all reference numbers of %s', (shared) => {
  test('are there', ({ skip }) => {
    skip(!existsSync(shared), `${shared} is not there`);
    expect(casesOf(shared).length).toBeGreaterThan(0);
  });

  test.for(casesOf(shared))('$op $id', async (fixtureCase, { skip }) => {
    skip(!operations[fixtureCase.op], `there is no operation ${fixtureCase.op} yet`);
    expect(await runCase(shared, fixtureCase)).toEqual([]);
  });
});

describe('the comparison', () => {
  const compare = (expected: object, got: object): string[] =>
    compareTree('.', { entry: expected }, { entry: got }).map(({ path }) => path);
  const leaf = (value: unknown, tol: object): object => ({ value, tol });

  test.each([
    ['a deviation beyond abs', leaf([1, 2], { abs: 0.1 }), [1, 2.2]],
    ['a deviation beyond rel', leaf(100, { rel: 0.01 }), [102]],
    ['another length', leaf([1, 2], { abs: 1 }), [1]],
    ['a number where undefined is expected', leaf(null, { abs: 1 }), [0]],
    ['undefined where a number is expected', leaf(0, { abs: 1 }), [null]],
    ['more than at most', leaf(10, { rel_at_most: 0.1, abs_at_most: 0 }), [11.5]],
    ['a sign that differs for one entry only', leaf([1, -1], { abs: 0.1, up_to_sign: true }), [1, 1]],
    ['a resampled image too far off', leaf([0, 0], { max_abs: 6, mean_abs: 1 }), [3, 3]],
  ])('refuses %s', (_name, expected, got) => {
    expect(compare(expected, got)).toEqual(['entry']);
  });

  test.each([
    ['a deviation within abs and rel', leaf([1, 200], { abs: 0.1, rel: 0.01 }), [1.05, 202]],
    ['less than at most', leaf(10, { rel_at_most: 0.1, abs_at_most: 0 }), [3]],
    ['the other sign of the whole', leaf([1, -1], { abs: 0.1, up_to_sign: true }), [-1, 1]],
    ['anything informative', leaf(1, { informative: true }), [99]],
    [
      'a wider limit for tiny entries',
      leaf([0], { abs: 1e-3, 'abs_if_expected_below_0.01': 0.005 }),
      [0.004],
    ],
  ])('accepts %s', (_name, expected, got) => {
    expect(compare(expected, got)).toEqual([]);
  });

  test('accepts another index only for a near tie, and no index twice', () => {
    const expected = leaf([0, 1, 2], { exact: true, swap_allowed_if_similarity_gap_below: 1e-6 });
    const similarities = [0.5, 0.5, 0.1];
    const figure = (_position: number, index: number): number => similarities[index]!;
    expect(compare(expected, { values: [1, 0, 2], figure })).toEqual([]);
    expect(compare(expected, { values: [0, 2, 1], figure })).toEqual(['entry']);
    expect(compare(expected, { values: [0, 0, 2], figure })).toEqual(['entry']);
  });

  test('compares only where a sibling says so', () => {
    const expected = {
      weight: leaf([0.5, 0], { abs: 0 }),
      value: leaf([1, 2], { abs: 0.1, only_where_weight_above: 0.1 }),
    };
    expect(compareTree('.', expected, { weight: [0.5, 0], value: [1, 99] })).toEqual([]);
    expect(compareTree('.', expected, { weight: [0.5, 0], value: [9, 2] })).toHaveLength(1);
  });

  test('names what was not computed and refuses tolerances it does not know', () => {
    expect(compareTree('.', { a: leaf(1, { abs: 1 }) }, {})).toEqual([
      { path: 'a', message: 'not computed' },
    ]);
    expect(() => compareTree('.', { a: leaf(1, { within: 1 }) }, { a: 1 })).toThrow(/within/);
  });

  test('checks the groups of overlap figures', () => {
    const expected = {
      at: {
        tol: { counts: 'exact', ratio: 0.1, distance: 0.5 },
        per_image: [{ dice: 0.5, tp: 3, hd: null }],
      },
    };
    expect(compareTree('.', expected, { at: { per_image: [{ dice: 0.55, tp: 3, hd: null }] } })).toEqual([]);
    const wrong = compareTree('.', expected, { at: { per_image: [{ dice: 0.7, tp: 4, hd: 1 }] } });
    expect(wrong.map(({ path }) => path)).toEqual([
      'at.per_image[0].dice',
      'at.per_image[0].tp',
      'at.per_image[0].hd',
    ]);
  });
});
