import { expect, test } from 'vitest';
import { bytesText, countText, figureText, valueText } from '../../../../src-renderer/text/format.ts';

test('counts speak of one and of many', () => {
  expect(countText(1, 'image')).toBe('1 image');
  expect(countText(0, 'image')).toBe('0 images');
  expect(countText(12_000, 'study', 'studies')).toBe('12,000 studies');
});

test('an undefined figure is a dash', () => {
  expect(figureText(null)).toBe('–');
  expect(figureText(0)).toBe('0.000');
  expect(figureText(0.97123)).toBe('0.971');
  expect([figureText(-0.0004, 2), figureText(-0.004, 2), figureText(-0.006, 2)]).toEqual([
    '0.00',
    '0.00',
    '-0.01',
  ]);
});

test('sizes and pixel values', () => {
  expect([0, 999, 7412, 52_000_000].map(bytesText)).toEqual(['0 bytes', '999 bytes', '7.4 KB', '52 MB']);
  expect([255, 31.23456, -0.0012345].map(valueText)).toEqual(['255', '31.23', '-0.001234']);
});
