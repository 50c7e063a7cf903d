import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PixelArray } from '../../../src-shared/arrays.ts';
import { intensityWindow } from '../../../src-engine/models/intensity.ts';
import { preprocess } from '../../../src-engine/models/preprocess.ts';
import { resizePlane } from '../../../src-engine/models/resize.ts';

const plain = { size: 32, patch: 16, fit: 'squash', normalisation: null } as const;

function grey(width: number, height: number, data: PixelArray['data'], bits: number): PixelArray {
  return { width, height, channels: 1, bits, data };
}

/** The definition: every source pixel, weighed by a triangle as wide as the ratio, divided by the sum of the weights. */
function resizeByDefinition(plane: Float32Array, [w, h]: [number, number], [nw, nh]: [number, number]) {
  const weight = (i: number, size: number, newSize: number, j: number) => {
    const ratio = size / newSize;
    return Math.max(0, 1 - Math.abs(j + 0.5 - ratio * (i + 0.5)) / Math.max(1, ratio));
  };
  return Float32Array.from({ length: nw * nh }, (_, at) => {
    let sum = 0;
    let total = 0;
    for (let y = 0; y < h; y++) {
      for (let x = 0; x < w; x++) {
        const product = weight(at % nw, w, nw, x) * weight(Math.floor(at / nw), h, nh, y);
        sum += product * plane[y * w + x]!;
        total += product;
      }
    }
    return sum / total;
  });
}

test('resizing follows the definition, growing and shrinking', () => {
  const side = fc.integer({ min: 1, max: 13 });
  fc.assert(
    fc.property(side, side, side, side, fc.integer(), (w, h, nw, nh, seed) => {
      const plane = Float32Array.from({ length: w * h }, (_, i) => Math.abs(Math.sin(seed + i * 12.9898)));
      const resized = resizePlane(plane, w, h, nw, nh);
      const expected = resizeByDefinition(plane, [w, h], [nw, nh]);
      for (let i = 0; i < expected.length; i++) expect(resized[i]).toBeCloseTo(expected[i]!, 5);
    }),
  );
});

test('values worked out by hand: 4 -> 2 and 2 -> 4', () => {
  const shrunk = resizePlane(Float32Array.of(0, 1, 2, 3), 4, 1, 2, 1);
  expect(shrunk[0]).toBeCloseTo(5 / 7, 6);
  expect(shrunk[1]).toBeCloseTo(16 / 7, 6);
  expect([...resizePlane(Float32Array.of(0, 1), 2, 1, 4, 1)]).toEqual([0, 0.25, 0.75, 1]);
});

test('8-bit images keep their scale, 1-bit images are 0 and 1', () => {
  const eight = preprocess(grey(2, 2, Uint8Array.of(0, 51, 102, 255), 8), plain);
  expect(eight.data[0]).toBe(0);
  expect(eight.data[32 * 32 - 1]).toBe(1);
  expect(intensityWindow({ data: Uint8Array.of(0, 1), bits: 1 })).toEqual({ low: 0, high: 1 });
});

test('deeper images run from 0 to the 99.9th percentile of what is not background', () => {
  const data = new Uint16Array(3000).fill(0, 0, 1000);
  for (let i = 1000; i < 3000; i++) data[i] = i - 999;
  data[2999] = 65_535;
  expect(intensityWindow({ data, bits: 16 })).toEqual({ low: 0, high: 1998 });
});

test('images with values clearly below 0 start at their minimum, ringing does not count', () => {
  const ct = Int16Array.from({ length: 1000 }, (_, i) => i * 2 - 1000);
  expect(intensityWindow({ data: ct, bits: 16 })).toEqual({ low: -1000, high: 996 });
  expect(intensityWindow({ data: Float32Array.of(-0.01, 0, 1, 1), bits: 32 })).toEqual({ low: 0, high: 1 });
});

test('NaN and infinities are black, and an image of nothing else is black', () => {
  const data = Float32Array.of(NaN, Infinity, -Infinity, 4);
  expect(intensityWindow({ data, bits: 32 })).toEqual({ low: 0, high: 4 });
  const none = preprocess(grey(2, 2, new Float32Array(4).fill(NaN), 32), plain);
  expect(none.data.every((value) => value === 0)).toBe(true);
});

test('the percentile is an element of the data, as sorting finds it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.float({ min: Math.fround(0.1), max: 1e6, noNaN: true }), { minLength: 1, maxLength: 3000 }),
      (values) => {
        const data = Float32Array.from(values);
        const sorted = data.slice().sort();
        const { high } = intensityWindow({ data, bits: 32 });
        expect(high).toBe(sorted[Math.ceil(0.999 * data.length) - 1]);
      },
    ),
  );
});

test('background stays exactly 0 away from the object', () => {
  const data = new Uint8Array(60 * 60);
  for (let y = 20; y < 40; y++) data.fill(200, y * 60 + 20, y * 60 + 40);
  const { data: resized } = preprocess(grey(60, 60, data, 8), { ...plain, size: 96 });
  expect(resized.subarray(0, 96 * 28).every((value) => value === 0)).toBe(true);
  expect(resized[48 * 96 + 48]).toBeCloseTo(200 / 255, 6);
});

test('grey is repeated, colours stay planes apart', () => {
  const image: PixelArray = { width: 1, height: 1, channels: 3, bits: 8, data: Uint8Array.of(255, 51, 0) };
  const { data } = preprocess(image, plain);
  expect([data[0], data[1024], data[2048]]).toEqual([1, Math.fround(0.2), 0]);
  const flat = preprocess(grey(1, 1, Uint8Array.of(51), 8), plain).data;
  expect(flat.every((value) => value === Math.fround(0.2))).toBe(true);
});

test('crop keeps the shape and cuts the longer edge to whole patches', () => {
  const stored = Uint8Array.from({ length: 50 * 115 }, (_, i) => (i * 31) % 256);
  const { width, height, data } = preprocess(grey(50, 115, stored, 8), { ...plain, fit: 'crop' });
  expect([width, height]).toEqual([32, 64]);
  const whole = resizePlane(
    Float32Array.from(stored, (value) => value / 255),
    50,
    115,
    32,
    73,
  );
  for (let i = 0; i < 32 * 64; i++) expect(data[i]).toBeCloseTo(whole[i]!, 6);
  const wide = preprocess(grey(115, 50, stored, 8), { ...plain, fit: 'crop' });
  expect([wide.width, wide.height]).toEqual([64, 32]);
});

test('models trained with a mean and deviation get them', () => {
  const normalisation = { mean: [0.5, 0.4, 0.3], standardDeviation: [0.5, 0.2, 0.1] } as const;
  const { data } = preprocess(grey(1, 1, Uint8Array.of(255), 8), { ...plain, normalisation });
  expect([data[0], data[1024], data[2048]].map((value) => Math.round(value! * 1e4) / 1e4)).toEqual([1, 3, 7]);
});

test('sizes that are no multiple of the patch are refused', () => {
  const image = grey(1, 1, Uint8Array.of(1), 8);
  expect(() => preprocess(image, { ...plain, size: 40 })).toThrow('Input size 40 is not a multiple');
});
