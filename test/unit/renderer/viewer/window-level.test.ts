import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PixelArray } from '#shared/arrays.ts';
import {
  autoWindow,
  defaultWindow,
  dragWindow,
  widthAndCentre,
} from '../../../../src-renderer/viewer/window-level.ts';

const grey = (data: PixelArray['data'], bits: number): PixelArray => ({
  width: data.length,
  height: 1,
  channels: 1,
  bits,
  data,
});
const windows = fc
  .record({
    low: fc.double({ min: -3e4, max: 3e4, noNaN: true }),
    width: fc.double({ min: 0.01, max: 6e4, noNaN: true }),
  })
  .map(({ low, width }) => ({ low, high: low + width }));

describe('a window', () => {
  test('reads as width and centre', () => {
    expect(widthAndCentre({ low: -40, high: 120 })).toEqual({ width: 160, centre: 40 });
  });

  test('never closes or turns over, however far it is dragged', () => {
    const drags = fc.array(
      fc.tuple(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: -500, max: 500 })),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(windows, drags, (start, moves) => {
        const end = moves.reduce((window, [dx, dy]) => dragWindow(window, dx, dy, 500), start);
        expect(end.high).toBeGreaterThan(end.low);
      }),
    );
  });

  test('is moved by its own width when the drag crosses the pane', () => {
    expect(dragWindow({ low: 0, high: 1 }, 0, 400, 400)).toEqual({ low: 1, high: 2 });
    const wider = dragWindow({ low: 0, high: 80 }, 400, 0, 400);
    expect(widthAndCentre(wider).width).toBeCloseTo(80 * Math.E);
    expect(widthAndCentre(wider).centre).toBeCloseTo(40);
  });
});

describe('the window to start with', () => {
  test('is the whole range of 8-bit images and of colour', () => {
    expect(defaultWindow(grey(Uint8Array.of(9, 10), 8))).toEqual({ low: 0, high: 255 });
    expect(defaultWindow(grey(Uint8Array.of(0, 1), 1))).toEqual({ low: 0, high: 1 });
    const colour: PixelArray = { width: 1, height: 1, channels: 3, bits: 16, data: Uint16Array.of(1, 2, 3) };
    expect(defaultWindow(colour)).toEqual({ low: 0, high: 65_535 });
  });

  test('leaves out half a percent at either end of deeper images', () => {
    const ramp = grey(
      Uint16Array.from({ length: 1001 }, (_, i) => 1000 - i),
      12,
    );
    expect(defaultWindow(ramp)).toEqual({ low: 5, high: 995 });
    expect(defaultWindow(ramp, { slope: 2, intercept: -1000 })).toEqual({ low: -990, high: 990 });
    expect(defaultWindow(ramp, { slope: -1, intercept: 0 })).toEqual({ low: -995, high: -5 });
    expect(autoWindow(ramp, undefined, 0.1, 0.9)).toEqual({ low: 100, high: 900 });
  });

  test('ignores what is no number and opens on constant images', () => {
    expect(defaultWindow(grey(Float32Array.of(NaN, 2, 3, Infinity), 32))).toEqual({ low: 2, high: 3 });
    expect(defaultWindow(grey(Float32Array.of(NaN), 32))).toEqual({ low: 0, high: 1 });
    expect(defaultWindow(grey(Uint16Array.of(7, 7), 16))).toEqual({ low: 7, high: 8 });
  });
});
