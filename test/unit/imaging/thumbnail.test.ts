import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { PixelArray } from '#shared/arrays.ts';
import { displayBytes, displayWindow } from '#engine/imaging/display.ts';
import { thumbnail } from '#engine/imaging/thumbnail.ts';

const grey = (data: PixelArray['data'], width: number, bits: number): PixelArray => ({
  width,
  height: data.length / width,
  channels: 1,
  bits,
  data,
});

test.each([
  [480, 240, 160, 80],
  [100, 300, 53, 160],
  [20, 10, 20, 10],
  [4000, 8, 160, 1],
])('%i x %i becomes a WebP of %i x %i', async (width, height, thumbWidth, thumbHeight) => {
  const picture = await thumbnail(grey(new Uint8Array(width * height), width, 8));
  expect(await sharp(picture).metadata()).toMatchObject({
    format: 'webp',
    width: thumbWidth,
    height: thumbHeight,
  });
});

test('a black background stays black beside a bright object', async () => {
  const side = 240;
  const data = Uint16Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [i % side, Math.floor(i / side)];
    return Math.hypot(x - 120, y - 120) < 60 ? 20_000 + ((x * 37 + y) % 900) : 0;
  });
  const { data: shown, info } = await sharp(await thumbnail(grey(data, side, 16)))
    .raw()
    .toBuffer({ resolveWithObject: true });
  const rowBytes = info.width * info.channels;
  expect(shown.subarray(0, 30 * rowBytes).every((sample) => sample === 0)).toBe(true);
  expect(Math.max(...shown.subarray(80 * rowBytes, 81 * rowBytes))).toBeGreaterThan(100);
});

test('the window is the 0.5th to 99.5th percentile of what is neither zero nor NaN', () => {
  const data = Float32Array.from({ length: 1200 }, (_, i) => (i < 1001 ? 1000 + i : i % 2 ? 0 : NaN));
  expect(displayWindow({ data })).toEqual({ low: 1005, high: 1995 });
});

test.each([
  ['8 bits as they are', grey(Uint8Array.from([0, 3, 255]), 3, 8), [0, 3, 255]],
  ['1 bit in black and white', grey(Uint8Array.from([0, 1, 1]), 3, 1), [0, 255, 255]],
  ['a binary mask of 16 bits in black and white', grey(Uint16Array.from([0, 9, 9]), 3, 16), [0, 255, 255]],
  ['all zero in black', grey(new Float32Array(3), 3, 32), [0, 0, 0]],
  ['NaN in black', grey(Float32Array.from([NaN, 1, 2]), 3, 32), [0, 0, 255]],
  ['Hounsfield units from air to bone', grey(Int16Array.from([-1000, -500, 1000]), 3, 16), [0, 64, 255]],
])('%s', (_what, pixels, shown) => {
  expect([...displayBytes(pixels)]).toEqual(shown);
});
