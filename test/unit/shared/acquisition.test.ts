import { expect, test } from 'vitest';
import { sampleOf, sampleWindow, valueOf } from '#shared/acquisition.ts';

const hounsfield = { slope: 1, intercept: -1024, unit: 'HU' };
const softTissue = { centre: 40, width: 400, function: 'linear', name: null } as const;

test('values and samples are each other turned round', () => {
  const rescale = { slope: 2.5, intercept: -7, unit: null };
  expect(valueOf(rescale, 4)).toBe(3);
  expect(sampleOf(rescale, valueOf(rescale, 17))).toBe(17);
});

test('a window in values is one in samples, its lower end first whatever the sign of the slope', () => {
  expect(sampleWindow(hounsfield, softTissue)).toEqual({ low: 864, high: 1264 });
  expect(sampleWindow({ slope: -1, intercept: 1024, unit: 'HU' }, softTissue)).toEqual({
    low: 784,
    high: 1184,
  });
});
