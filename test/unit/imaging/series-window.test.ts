import { expect, test } from 'vitest';
import { inSamples } from '#engine/imaging/series-window.ts';
import type { GreyCurve } from '#shared/acquisition.ts';

const hounsfield = { slope: 1, intercept: -1024, unit: 'HU' };
const softTissue = { low: -160, high: 240 };

test('a window in values is one in samples, its lower end first whatever the sign of the slope', () => {
  expect(inSamples(hounsfield, softTissue)).toEqual({ low: 864, high: 1264 });
  const turned = { slope: -1, intercept: 1024, unit: 'HU' };
  expect(inSamples(turned, softTissue)).toEqual({ low: 784, high: 1184 });
  const curve: GreyCurve = {
    entries: 3,
    knots: [
      [0, 0],
      [1, 0.75],
      [2, 1],
    ],
  };
  expect(inSamples(turned, { ...softTissue, curve }).curve).toEqual({
    entries: 3,
    knots: [
      [0, 0],
      [1, 0.25],
      [2, 1],
    ],
  });
});
