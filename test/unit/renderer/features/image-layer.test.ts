import { expect, test } from 'vitest';
import type { Acquisition, ValueWindow } from '#shared/acquisition.ts';
import { imageLayer } from '../../../../src-renderer/features/inspect/cells/image-layer.ts';
import { studyImage } from './fixtures.ts';

const look = { interpolate: true, invert: false, windowGroup: 'image' };
const pixels = { width: 4, height: 3, channels: 1, bits: 8, data: new Uint8Array(12) } as const;

const acquisition = (slope: number, windows: ValueWindow[]): Acquisition => ({
  modality: 'DX',
  series: 's',
  seriesName: 'DX 1',
  instance: 'i',
  frame: null,
  slice: 0,
  slices: 1,
  position: null,
  plane: null,
  tilt: 0,
  edges: null,
  spacingSource: null,
  sliceSpacing: null,
  rescale: { slope, intercept: 0, unit: null },
  windows,
  kept: {},
});

const layer = (slope: number, windows: ValueWindow[] = [], invert = false) =>
  imageLayer(studyImage(1, { acquisition: acquisition(slope, windows) }), pixels, { ...look, invert });

test('an image whose white is 0 is inverted, and inverted again it is not', () => {
  expect([layer(2), layer(-2), layer(2, [], true), layer(-2, [], true)].map(({ invert }) => invert)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test("a window has its own curve, the file's first one is the image's", () => {
  const window = { centre: 40, width: 400, name: null } as const;
  const shown = (shape: ValueWindow['function']) => layer(1, [{ ...window, function: shape }]).window;
  expect(shown('linear-exact')).toEqual({ low: -160, high: 240 });
  expect(shown('linear')).toEqual({ low: -160, high: 240, curve: 'linear' });
  expect(shown('sigmoid')).toEqual({ low: -160, high: 240, curve: 'sigmoid' });
});
