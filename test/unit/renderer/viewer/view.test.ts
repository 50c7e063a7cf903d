import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  flipped,
  fromShared,
  imageToScreen,
  keepInImage,
  oneToOne,
  pan,
  screenToImage,
  toShared,
  turned,
  upright,
  wholeImage,
  zoomAt,
  zoomLimits,
} from '../../../../src-renderer/viewer/view.ts';
import type { ImageFrame, PaneSize, ScreenPoint, View } from '../../../../src-renderer/viewer/view.ts';

const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const panes: fc.Arbitrary<PaneSize> = fc.record({
  width: fc.integer({ min: 1, max: 4000 }),
  height: fc.integer({ min: 1, max: 4000 }),
});
const images: fc.Arbitrary<ImageFrame> = fc.record({
  width: fc.integer({ min: 1, max: 8192 }),
  height: fc.integer({ min: 1, max: 8192 }),
  aspect: between(0.2, 5),
});
const views: fc.Arbitrary<View> = fc.record({
  cx: between(0, 8192),
  cy: between(0, 8192),
  zoom: between(0.01, 64),
  aspect: between(0.2, 5),
  orientation: fc.record({ turns: fc.constantFrom(0, 1, 2, 3), mirrored: fc.boolean() }),
});
const screenPoints = fc.tuple(between(0, 4000), between(0, 4000)) as fc.Arbitrary<ScreenPoint>;

function distance(a: readonly [number, number], b: readonly [number, number]): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

describe('screen and image', () => {
  test('are each other’s inverse', () => {
    fc.assert(
      fc.property(views, panes, screenPoints, (view, pane, point) => {
        expect(distance(imageToScreen(view, pane, screenToImage(view, pane, point)), point)).toBeLessThan(
          1e-6,
        );
      }),
    );
  });

  test('agree with an example worked by hand', () => {
    const view = { cx: 10, cy: 20, zoom: 8, aspect: 2, orientation: upright };
    expect(distance(imageToScreen(view, { width: 100, height: 60 }, [11, 21]), [58, 46])).toBeLessThan(1e-6);
    expect(distance(screenToImage(view, { width: 100, height: 60 }, [50, 30]), [10, 20])).toBeLessThan(1e-6);
  });
});

describe('zooming', () => {
  test('keeps the point under the cursor', () => {
    fc.assert(
      fc.property(views, panes, screenPoints, between(0.01, 100), (view, pane, at, factor) => {
        const zoomed = zoomAt(view, pane, at, factor, { min: 0.005, max: 128 });
        const before = screenToImage(view, pane, at);
        expect(distance(imageToScreen(zoomed, pane, before), at)).toBeLessThan(1e-4);
      }),
    );
  });

  test('stops at its limits', () => {
    const image = { width: 512, height: 512, aspect: 1 };
    const pane = { width: 256, height: 512 };
    const limits = zoomLimits(pane, image, upright);
    expect(limits).toEqual({ min: 0.125, max: 64 });
    expect(zoomAt(fromShared(wholeImage, pane, image), pane, [0, 0], 1e9, limits).zoom).toBe(64);
    expect(zoomAt(fromShared(wholeImage, pane, image), pane, [0, 0], 1e-9, limits).zoom).toBe(0.125);
  });

  test('shows one image pixel on one device pixel', () => {
    expect(oneToOne({ cx: 5, cy: 6, zoom: 3, aspect: 1, orientation: upright }, 1.25)).toEqual({
      orientation: upright,
      cx: 5,
      cy: 6,
      zoom: 0.8,
      aspect: 1,
    });
  });
});

describe('panning', () => {
  test('moves the image by as many screen pixels as the pointer', () => {
    fc.assert(
      fc.property(
        views,
        panes,
        screenPoints,
        between(-500, 500),
        between(-500, 500),
        (view, pane, point, dx, dy) => {
          const grabbed = screenToImage(view, pane, point);
          expect(
            distance(imageToScreen(pan(view, dx, dy), pane, grabbed), [point[0] + dx, point[1] + dy]),
          ).toBeLessThan(1e-4);
        },
      ),
    );
  });

  test('cannot lose the image', () => {
    const image = { width: 10, height: 20, aspect: 1 };
    expect(keepInImage({ cx: -5, cy: 90, zoom: 1, aspect: 1, orientation: upright }, image)).toEqual({
      orientation: upright,
      cx: 0,
      cy: 20,
      zoom: 1,
      aspect: 1,
    });
  });
});

describe('a shared view', () => {
  test('comes back from the image it was taken from', () => {
    fc.assert(
      fc.property(views, panes, images, (view, pane, image) => {
        const back = fromShared(toShared(view, pane, image), pane, image);
        expect(distance([back.cx, back.cy], [view.cx, view.cy])).toBeLessThan(1e-6);
        expect(back.zoom).toBeCloseTo(view.zoom, 6);
      }),
    );
  });

  test('shows the same part of an image stored at twice the size', () => {
    const pane = { width: 400, height: 300 };
    const small = { width: 100, height: 80, aspect: 1 };
    const large = { width: 200, height: 160, aspect: 1 };
    const view = { cx: 30, cy: 20, zoom: 6, aspect: 1, orientation: upright };
    const other = fromShared(toShared(view, pane, small), pane, large);
    expect(other).toEqual({ cx: 60, cy: 40, zoom: 3, aspect: 1, orientation: upright });
  });

  test('fits the whole image, tall pixels included', () => {
    fc.assert(
      fc.property(panes, images, (pane, image) => {
        const view = fromShared(wholeImage, pane, image);
        const [left, top] = imageToScreen(view, pane, [0, 0]);
        const [right, bottom] = imageToScreen(view, pane, [image.width, image.height]);
        expect(Math.min(left, top)).toBeCloseTo(0, 6);
        expect(left + right).toBeCloseTo(pane.width, 6);
        expect(top + bottom).toBeCloseTo(pane.height, 6);
      }),
    );
  });
});

describe('orientation', () => {
  const pane = { width: 300, height: 200 };
  const image = { width: 100, height: 50, aspect: 1 };
  const cornerOf = (orientation: View['orientation']) => {
    const [x, y] = imageToScreen(fromShared({ ...wholeImage, orientation }, pane, image), pane, [0, 0]);
    return `${y < pane.height / 2 ? 'top' : 'bottom'} ${x < pane.width / 2 ? 'left' : 'right'}`;
  };

  test('turns and flips are those the reader sees, whatever came before', () => {
    expect(cornerOf(turned(upright, 1))).toBe('top right');
    expect(cornerOf(turned(upright, -1))).toBe('bottom left');
    expect(cornerOf(flipped(upright, 'across'))).toBe('top right');
    expect(cornerOf(flipped(upright, 'down'))).toBe('bottom left');
    expect(cornerOf(flipped(turned(upright, 1), 'across'))).toBe('top left');
    expect(cornerOf(turned(flipped(upright, 'across'), 1))).toBe('bottom right');
  });

  test('comes back after four turns or two flips', () => {
    fc.assert(
      fc.property(views, ({ orientation }) => {
        const four = [1, 1, 1, 1].reduce((at) => turned(at, 1), orientation);
        expect(four).toEqual(orientation);
        for (const axis of ['across', 'down'] as const) {
          expect(flipped(flipped(orientation, axis), axis)).toEqual(orientation);
        }
      }),
    );
  });

  test('a turned image fits by its other side', () => {
    const view = fromShared({ ...wholeImage, orientation: turned(upright, 1) }, pane, image);
    expect(view.zoom).toBe(2);
  });
});
