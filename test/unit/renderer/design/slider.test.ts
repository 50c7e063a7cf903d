import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  digitsOf,
  fineStepOf,
  fractionOf,
  keyedValue,
  parseTyped,
  snap,
} from '../../../../src-renderer/design/slider.ts';

const range = { min: 0, max: 1, step: 0.05, fineStep: 0.005 };
const k = { min: 1, max: 16, step: 1, fineStep: 1 };
const plain = (key: string) => ({ key, shiftKey: false });
const shift = (key: string) => ({ key, shiftKey: true });

test('arrow keys step, with Shift finely, and never leave the range', () => {
  expect(keyedValue(plain('ArrowRight'), 0.1, range)).toBeCloseTo(0.15, 12);
  expect(keyedValue(shift('ArrowLeft'), 0.1, range)).toBeCloseTo(0.095, 12);
  expect(keyedValue(plain('ArrowUp'), 0.98, range)).toBe(1);
  expect(keyedValue(plain('PageDown'), 0.2, range)).toBe(0);
  expect(keyedValue(plain('Home'), 7, k)).toBe(1);
  expect(keyedValue(plain('End'), 7, k)).toBe(16);
  expect(keyedValue(plain('x'), 7, k)).toBeUndefined();
});

test('a snapped value lies in the range and on the raster', () => {
  fc.assert(
    fc.property(fc.double({ min: -2, max: 3, noNaN: true }), (value) => {
      const snapped = snap(value, range.step, range);
      expect(snapped).toBeGreaterThanOrEqual(range.min);
      expect(snapped).toBeLessThanOrEqual(range.max);
      const steps = (snapped - range.min) / range.step;
      expect(steps).toBeCloseTo(Math.round(steps), 6);
      expect(snap(snapped, range.step, range)).toBe(snapped);
    }),
  );
});

test('the fraction runs from 0 to 1 and survives an empty range', () => {
  expect(fractionOf(1, k)).toBe(0);
  expect(fractionOf(16, k)).toBe(1);
  expect(fractionOf(99, k)).toBe(1);
  expect(fractionOf(5, { ...k, min: 5, max: 5 })).toBe(0);
});

test('typed text: a decimal comma, a unit, clamping, and refusal of words', () => {
  expect(parseTyped('0,42', range)).toBe(0.42);
  expect(parseTyped(' 45 % ', { ...range, max: 100 })).toBe(45);
  expect(parseTyped('128 px', { ...k, max: 256 })).toBe(128);
  expect(parseTyped('7', range)).toBe(1);
  expect(parseTyped('', range)).toBeUndefined();
  expect(parseTyped('wide', range)).toBeUndefined();
  expect(parseTyped('1e999', range)).toBeUndefined();
});

test('whole-number steps have nothing finer, others ten times', () => {
  expect(fineStepOf(1)).toBe(1);
  expect(fineStepOf(8)).toBe(1);
  expect(fineStepOf(0.05)).toBeCloseTo(0.005, 12);
  expect([digitsOf(1), digitsOf(0.05), digitsOf(1e-7)]).toEqual([0, 2, 7]);
});
