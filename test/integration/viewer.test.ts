import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Browser, Page } from 'playwright';
import { launchBrowser } from '../support/browser.ts';
import { openViewerPage } from '../support/viewer-page.ts';
import type * as ViewerPage from '../support/viewer-page-entry.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 120_000 });

declare const viewerPage: typeof ViewerPage;

let browser: Browser;
let page: Page;

beforeAll(async () => {
  browser = await launchBrowser();
  page = await openViewerPage(browser);
});

afterAll(() => browser.close());

describe('grey values', () => {
  test('of 8-bit images are shown unchanged, inverted and rescaled exactly', async () => {
    const rows = await page.evaluate(async () => {
      const data = Uint8Array.from({ length: 256 }, (_, i) => i);
      const pixels = { width: 256, height: 1, channels: 1, bits: 8, data } as const;
      const rescale = { slope: 2, intercept: -100 };
      const scenes = [
        { base: { pixels } },
        { base: { pixels, invert: true } },
        { base: { pixels, rescale, window: { low: -100, high: 410 } } },
      ];
      const pictures = await Promise.all(scenes.map(viewerPage.drawPixelForPixel));
      return pictures.map((picture) => Array.from(data, (_, i) => viewerPage.colourAt(picture, i, 0)[0]));
    });
    const ramp = Array.from({ length: 256 }, (_, i) => i);
    expect(rows).toEqual([ramp, ramp.map((i) => 255 - i), ramp]);
  });

  test('of a 128-wide window at 30000 are 128 different ones', async () => {
    const row = await page.evaluate(async () => {
      const data = Uint16Array.from({ length: 128 }, (_, i) => 30_000 + i);
      const pixels = { width: 128, height: 1, channels: 1, bits: 16, data } as const;
      const picture = await viewerPage.drawPixelForPixel({
        base: { pixels, window: { low: 30_000, high: 30_127 } },
      });
      return Array.from(data, (_, i) => viewerPage.colourAt(picture, i, 0));
    });
    expect(row).toEqual(Array.from({ length: 128 }, (_, i) => Array(3).fill(Math.round((i * 255) / 127))));
  });

  test("of DICOM's sigmoid go on beyond the ends of the window", async () => {
    const row = await page.evaluate(async () => {
      const data = Float32Array.of(-100, 0, 50, 100, 200);
      const pixels = { width: 5, height: 1, channels: 1, bits: 32, data } as const;
      const base = { pixels, window: { low: 0, high: 100, curve: 'sigmoid' } } as const;
      const picture = await viewerPage.drawPixelForPixel({ base });
      return Array.from(data, (_, i) => viewerPage.colourAt(picture, i, 0)[0]);
    });
    const shade = (value: number) => Math.round(255 / (1 + Math.exp((-4 * (value - 50)) / 100)));
    expect(row).toEqual([-100, 0, 50, 100, 200].map(shade));
  });

  test("of DICOM's LINEAR are one value short of the window, of LINEAR_EXACT they are not", async () => {
    const rows = await page.evaluate(async () => {
      const data = Float32Array.of(-1, 0, 10, 32, 62, 63, 64, 65);
      const pixels = { width: 8, height: 1, channels: 1, bits: 32, data } as const;
      const shown = (['linear', 'linear-exact'] as const).map(async (shape) => {
        const window = viewerPage.windowOf({ centre: 32, width: 64, function: shape });
        const picture = await viewerPage.drawPixelForPixel({ base: { pixels, window } });
        return Array.from(data, (_, i) => viewerPage.colourAt(picture, i, 0)[0]);
      });
      return Promise.all(shown);
    });
    // By hand from PS3.3 C.11.2.1.2.1 and C.11.2.1.3.2: 255 x / 63 and 255 x / 64.
    expect(rows).toEqual([
      [0, 0, 40, 130, 251, 255, 255, 255],
      [0, 0, 40, 128, 247, 251, 255, 255],
    ]);
  });

  test('of a VOI LUT are its entries, values between them in between, and go with a drag', async () => {
    const rows = await page.evaluate(async () => {
      const data = Float32Array.of(99, 100, 100.5, 101, 102, 103, 104);
      const pixels = { width: 7, height: 1, channels: 1, bits: 32, data } as const;
      const knots: [number, number][] = [
        [0, 0.2],
        [1, 1],
        [3, 0],
      ];
      const window = { low: 100, high: 103, curve: { entries: 4, knots } };
      const wider = { ...window, low: 98, high: 104 };
      // More entries than a texture has columns: value i has grey i / 65535.
      const long = {
        low: 0,
        high: 65_535,
        curve: {
          entries: 65_536,
          knots: [
            [0, 0],
            [65_535, 1],
          ] satisfies typeof knots,
        },
      };
      const ramp = Float32Array.of(0, 2047, 2048, 32_768, 65_535);
      const scenes = [
        { pixels, window },
        { pixels, window, invert: true },
        { pixels, window: wider },
        { pixels: { ...pixels, width: 5, data: ramp }, window: long },
      ];
      const pictures = await Promise.all(scenes.map((base) => viewerPage.drawPixelForPixel({ base })));
      return pictures.map((picture, at) =>
        Array.from(scenes[at]!.pixels.data, (_, i) => viewerPage.colourAt(picture, i, 0)[0]),
      );
    });
    const entries = [51, 51, 153, 255, 128, 0, 0];
    // 99 to 104 lie at 0.5, 1, 1.25, 1.5, 2, 2.5 and 3 of the entries.
    expect(rows).toEqual([
      entries,
      entries.map((grey) => 255 - grey).map((grey) => (grey === 127 ? 128 : grey)),
      [153, 255, 223, 191, 128, 64, 0],
      [0, 8, 8, 128, 255],
    ]);
  });

  test('that are missing are black, inverted or not', async () => {
    const colours = await page.evaluate(async () => {
      const data = Float32Array.of(0.5, NaN, 1);
      const pixels = { width: 3, height: 1, channels: 1, bits: 32, data } as const;
      const base = { pixels, window: { low: 0, high: 1 }, invert: true };
      const picture = await viewerPage.drawPixelForPixel({ base });
      return [0, 1, 2].map((x) => viewerPage.colourAt(picture, x, 0)[0]);
    });
    expect(colours).toEqual([128, 0, 0]);
  });
});

test('colour images keep their colours, 8 and 16 bits deep', async () => {
  const colours = await page.evaluate(async () => {
    const size = { width: 3, height: 1, channels: 3 } as const;
    const eight = { ...size, bits: 8, data: Uint8Array.of(255, 0, 1, 10, 200, 30, 7, 8, 9) };
    const sixteen = { ...size, bits: 16, data: Uint16Array.from(eight.data, (value) => value * 257) };
    const pictures = await Promise.all(
      [eight, sixteen].map((pixels) => viewerPage.drawPixelForPixel({ base: { pixels } })),
    );
    return pictures.map((picture) => [0, 1, 2].map((x) => viewerPage.colourAt(picture, x, 0)));
  });
  const expected = [
    [255, 0, 1],
    [10, 200, 30],
    [7, 8, 9],
  ];
  expect(colours).toEqual([expected, expected]);
});

test('an image larger than the screen is averaged, not thinned out', async () => {
  const shades = await page.evaluate(async () => {
    const data = Uint8Array.from({ length: 400 * 400 }, (_, i) => (i % 2 === 0 ? 0 : 255));
    const viewer = viewerPage.createViewer();
    const { handle } = await viewerPage.mountPane(viewer, { width: 100, height: 100 });
    handle.setScene({ base: { pixels: { width: 400, height: 400, channels: 1, bits: 8, data } } });
    const picture = handle.readPixels();
    viewer.dispose();
    return [10, 11, 50, 90].map((x) => viewerPage.colourAt(picture, x, 50)[0]);
  });
  for (const shade of shades) expect(Math.abs(shade - 127.5)).toBeLessThan(2);
});

describe('the anomaly map', () => {
  test.each([
    {
      name: 'a square image on 4 x 3 patches',
      width: 64,
      height: 48,
      columns: 4,
      rows: 3,
      block: [1, 1, 3, 2],
    },
    {
      name: 'an oblong image on 28 x 28 patches',
      width: 301,
      height: 190,
      columns: 28,
      rows: 28,
      block: [7, 10, 15, 21],
    },
  ] as const)('lies on $name to less than half a pixel', async (example) => {
    const edges = await page.evaluate(async ({ width, height, columns, rows, block }) => {
      const [left, top, right, bottom] = block;
      const data = Float32Array.from({ length: rows * columns }, (_, i) => {
        const [column, row] = [i % columns, Math.floor(i / columns)];
        return column >= left && column < right && row >= top && row < bottom ? 1 : 0;
      });
      const pixels = { width, height, channels: 1, bits: 8, data: new Uint8Array(width * height) } as const;
      const viewer = viewerPage.createViewer();
      const { handle } = await viewerPage.mountPane(viewer, { width: 400, height: 300 });
      const found = [];
      const [x, y] = [width / columns, height / rows];
      const middle = [((left + right) / 2) * x, ((top + bottom) / 2) * y] as const;
      for (const sampling of ['smooth', 'patches'] as const) {
        handle.setScene({
          base: { pixels },
          overlay: {
            map: { rows, columns, data },
            colourMap: 'viridis',
            range: { low: 0, high: 1 },
            threshold: 0.5,
            opacity: 1,
            sampling,
          },
        });
        for (const [expected, horizontal] of [
          [left * x, true],
          [right * x, true],
          [top * y, false],
          [bottom * y, false],
        ] as const) {
          viewerPage.lookAt(
            viewer,
            handle,
            horizontal ? expected : middle[0],
            horizontal ? middle[1] : expected,
            8,
          );
          const coloured = viewerPage.extent(
            handle.readPixels(),
            horizontal ? 'row' : 'column',
            horizontal ? 150 : 200,
            (colour) => colour[1] > 0,
          );
          const centre = horizontal ? 200 : 150;
          found.push(Math.min(...coloured.map((edge) => Math.abs(edge - centre))) / 8);
        }
      }
      viewer.dispose();
      return found;
    }, example);
    expect(edges).toHaveLength(8);
    for (const offset of edges) expect(offset).toBeLessThanOrEqual(0.13);
  });

  test('shows at every pixel the score that the probe reads', async () => {
    const worst = await page.evaluate(async () => {
      const [width, height, rows, columns] = [97, 61, 9, 13];
      const data = Float32Array.from({ length: rows * columns }, (_, i) => Math.abs(Math.sin(i * 12.9898)));
      const pixels = { width, height, channels: 1, bits: 8, data: new Uint8Array(width * height) } as const;
      const covers = { x: 5, y: -3, width: 80, height: 60 };
      let worst = 0;
      for (const sampling of ['smooth', 'patches'] as const) {
        const placed = { map: { rows, columns, data }, covers, sampling };
        const overlay = { ...placed, colourMap: 'grey', range: { low: 0, high: 1 }, opacity: 1 } as const;
        const picture = await viewerPage.drawPixelForPixel({ base: { pixels }, overlay });
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const score = viewerPage.scoreAt(placed, pixels, [x + 0.5, y + 0.5]) ?? 0;
            worst = Math.max(worst, Math.abs(viewerPage.colourAt(picture, x, y)[0] - score * 255));
          }
        }
      }
      return worst;
    });
    expect(worst).toBeLessThanOrEqual(0.51);
  });

  test('starts at its threshold exactly, in the last bit of a score', async () => {
    const shown = await page.evaluate(async () => {
      const third = Math.fround(1 / 3);
      const scores = Float32Array.of(third - 2 ** -25, third, third + 2 ** -25, NaN);
      const pixels = { width: 4, height: 1, channels: 1, bits: 8, data: new Uint8Array(4) } as const;
      const thresholds = [third, third + 1e-12, third - 1e-12, -5, undefined];
      const pictures = await Promise.all(
        thresholds.map((threshold) =>
          viewerPage.drawPixelForPixel({
            base: { pixels },
            overlay: {
              map: { rows: 1, columns: 4, data: scores },
              colourMap: 'viridis',
              range: { low: 0, high: 1 },
              opacity: 1,
              sampling: 'patches',
              ...(threshold === undefined ? {} : { threshold }),
            },
          }),
        ),
      );
      return pictures.map((picture) => [0, 1, 2, 3].map((x) => viewerPage.colourAt(picture, x, 0)[2] > 0));
    });
    expect(shown).toEqual([
      [false, true, true, false],
      [false, false, true, false],
      [false, true, true, false],
      [true, true, true, false],
      [true, true, true, false],
    ]);
  });

  test("has its line wherever a neighbour on the line's width is below the threshold, and nowhere else", async () => {
    const wrong = await page.evaluate(async () => {
      const [width, height, rows, columns] = [60, 48, 6, 9];
      const pixels = { width, height, channels: 1, bits: 8, data: new Uint8Array(width * height) } as const;
      // Steep and flat parts, a missing score, and a map that leaves a margin of the image out.
      const data = Float32Array.from({ length: rows * columns }, (_, i) =>
        i === 20 ? NaN : (((i * 7) % 11) / 11) ** 2,
      );
      const placed = { map: { rows, columns, data }, covers: { x: 4, y: 3, width: 50, height: 40 } };
      const threshold = 0.2;
      const range = { low: 0, high: 1 };
      const picture = await viewerPage.drawPixelForPixel({
        base: { pixels },
        overlay: { ...placed, colourMap: 'grey', range, opacity: 0.1, threshold, contour: '#ff0000' },
      });
      const steps = [1, -1].flatMap((sign) => [
        [1.8 * sign, 0],
        [0, 1.8 * sign],
        [(1.8 * sign) / Math.SQRT2, (1.8 * sign) / Math.SQRT2],
        [(1.8 * sign) / Math.SQRT2, (-1.8 * sign) / Math.SQRT2],
      ]);
      const score = (x: number, y: number) => viewerPage.scoreAt(placed, pixels, [x, y]) ?? -Infinity;
      let wrong = 0;
      for (let y = 0.5; y < height; y++) {
        for (let x = 0.5; x < width; x++) {
          const expected =
            score(x, y) >= threshold && steps.some(([dx, dy]) => score(x + dx!, y + dy!) < threshold);
          const [red, green] = viewerPage.colourAt(picture, x, y);
          if ((red === 255 && green === 0) !== expected) wrong++;
        }
      }
      return wrong;
    });
    // Scores within rounding of the threshold may fall on either side.
    expect(wrong).toBeLessThanOrEqual(2);
  });

  test('is mixed with the image by its opacity, weighted by the score if asked', async () => {
    const [uniform, weighted] = await page.evaluate(async () => {
      const pixels = {
        width: 3,
        height: 1,
        channels: 1,
        bits: 8,
        data: Uint8Array.of(100, 100, 100),
      } as const;
      const draw = async (alpha: 'uniform' | 'by-value') => {
        const map = { rows: 1, columns: 3, data: Float32Array.of(0, 0.5, 1) };
        const range = { low: 0, high: 1 };
        const overlay = { map, colourMap: 'grey', range, opacity: 0.4, alpha, sampling: 'patches' } as const;
        const picture = await viewerPage.drawPixelForPixel({ base: { pixels }, overlay });
        return [0, 1, 2].map((x) => viewerPage.colourAt(picture, x, 0)[0]);
      };
      return [await draw('uniform'), await draw('by-value')];
    });
    const expected = {
      uniform: [60, 60 + 0.4 * 128, 60 + 0.4 * 255],
      weighted: [100, 80 + 0.2 * 128, 60 + 0.4 * 255],
    };
    for (const [i, value] of expected.uniform.entries())
      expect(Math.abs(uniform![i]! - value)).toBeLessThanOrEqual(1);
    for (const [i, value] of expected.weighted.entries())
      expect(Math.abs(weighted![i]! - value)).toBeLessThanOrEqual(1);
  });
});

describe('masks', () => {
  test('are outlined just inside their border', async () => {
    const found = await page.evaluate(async () => {
      const [width, height] = [60, 40];
      const inside = (i: number) => i % width >= 20 && i % width < 35 && i / width >= 10 && i / width < 30;
      const mask = {
        width,
        height,
        data: Uint8Array.from({ length: width * height }, (_, i) => (inside(i) ? 1 : 0)),
      };
      const pixels = { width, height, channels: 1, bits: 8, data: new Uint8Array(width * height) } as const;
      const viewer = viewerPage.createViewer();
      const { handle } = await viewerPage.mountPane(viewer, { width: 480, height: 320 });
      handle.setScene({ base: { pixels }, masks: [{ mask, style: 'outline', colour: '#ff0000' }] });
      const picture = handle.readPixels();
      viewer.dispose();
      const red = (colour: [number, number, number]) => colour[0] === 255;
      return {
        row: viewerPage.extent(picture, 'row', 160, red),
        column: viewerPage.extent(picture, 'column', 220, red),
        thickness: [160, 161, 162, 163].map((x) => red(viewerPage.colourAt(picture, x, 160))),
        middle: viewerPage.colourAt(picture, 220, 160),
      };
    });
    expect(found.row).toEqual([160, 280]);
    expect(found.column).toEqual([80, 240]);
    expect(found.thickness).toEqual([true, true, false, false]);
    expect(found.middle).toEqual([0, 0, 0]);
  });

  test('of a single pixel stay visible in a small picture', async () => {
    const red = await page.evaluate(async () => {
      const side = 1000;
      const mask = { width: side, height: side, data: new Uint8Array(side * side) };
      mask.data[507 * side + 503] = 1;
      const pixels = {
        width: side,
        height: side,
        channels: 1,
        bits: 8,
        data: new Uint8Array(side * side),
      } as const;
      const viewer = viewerPage.createViewer();
      const { handle } = await viewerPage.mountPane(viewer, { width: 200, height: 200 });
      handle.setScene({ base: { pixels }, masks: [{ mask, style: 'outline', colour: '#ff0000' }] });
      const picture = handle.readPixels();
      viewer.dispose();
      return viewerPage.colourAt(picture, 100, 101);
    });
    expect(red).toEqual([255, 0, 0]);
  });

  test('are compared with the map pixel by pixel, as the metrics count', async () => {
    const kinds = await page.evaluate(async () => {
      const [width, height] = [24, 12];
      const data = Float32Array.from({ length: 6 }, (_, i) => (i % 3 === 1 ? 1 : 0));
      const map = { rows: 2, columns: 3, data };
      const mask = {
        width,
        height,
        data: Uint8Array.from({ length: width * height }, (_, i) => (i % width >= 12 ? 1 : 0)),
      };
      const pixels = {
        width,
        height,
        channels: 1,
        bits: 8,
        data: new Uint8Array(width * height).fill(0),
      } as const;
      const viewer = viewerPage.createViewer();
      const { handle } = await viewerPage.mountPane(viewer, { width: width * 16, height: height * 16 });
      handle.setScene({ base: { pixels }, comparison: { map, mask, threshold: 0.5 } });
      const picture = handle.readPixels();
      viewer.dispose();
      // The brightest device pixel of an image pixel tells the kind: patterns leave gaps.
      return Array.from({ length: width }, (_, x) => {
        let brightest: [number, number, number] = [0, 0, 0];
        for (let dy = 0; dy < 16; dy++) {
          for (let dx = 0; dx < 16; dx++) {
            const colour = viewerPage.colourAt(picture, x * 16 + dx, 5 * 16 + dy);
            if (colour[0] + colour[1] + colour[2] > brightest[0] + brightest[1] + brightest[2])
              brightest = colour;
          }
        }
        const [red, green, blue] = brightest;
        if (red + green + blue === 0) return 'TN';
        if (red === 255 && blue === 255) return 'FN';
        return red > blue ? 'FP' : 'TP';
      }).join(' ');
    });
    const run = (kind: string, count: number) => Array<string>(count).fill(kind);
    expect(kinds).toBe([...run('TN', 8), ...run('FP', 4), ...run('TP', 4), ...run('FN', 8)].join(' '));
  });
});

test('panes follow one view, each relative to its own image, also on screens at 125 %', async () => {
  const scaled = await openViewerPage(browser, { deviceScaleFactor: 1.25 });
  const result = await scaled.evaluate(async () => {
    const viewer = viewerPage.createViewer();
    const blank = (width: number, height: number) =>
      ({ width, height, channels: 1, bits: 8, data: new Uint8Array(width * height).fill(200) }) as const;
    const first = await viewerPage.mountPane(viewer, { width: 301, height: 203 });
    const second = await viewerPage.mountPane(viewer, { left: 310, width: 301, height: 203 });
    first.handle.setScene({ base: { pixels: blank(100, 80) } });
    second.handle.setScene({ base: { pixels: blank(200, 160) } });
    first.handle.zoomBy(3, [10, 20]);
    const corner = first.handle.toImage([10, 20])!;
    const other = second.handle.toImage([10, 20])!;
    first.handle.oneToOne();
    const zoom = first.handle.view()!.zoom;
    const { width, height } = first.handle.readPixels();
    const sizes = [width, height];
    viewer.dispose();
    return { corner, other, zoom, sizes };
  });
  expect(result.other[0]).toBeCloseTo(result.corner[0] * 2, 9);
  expect(result.other[1]).toBeCloseTo(result.corner[1] * 2, 9);
  expect(result.zoom).toBeCloseTo(0.8, 2);
  expect(result.sizes).toEqual([376, 254]);
  await scaled.context().close();
});

describe('the mouse', () => {
  const script = async (profile: 'industrial' | 'radiology') => {
    const fresh = await openViewerPage(browser);
    await fresh.evaluate(async (profile) => {
      const events: unknown[] = [];
      const viewer = viewerPage.createViewer();
      const pixels = {
        width: 400,
        height: 400,
        channels: 1,
        bits: 8,
        data: new Uint8Array(160_000),
      } as const;
      const { handle } = await viewerPage.mountPane(
        viewer,
        { width: 400, height: 400 },
        {
          profile,
          onClick: (point) => events.push(['click', ...point]),
          onDoubleClick: (point) => events.push(['double-click', ...point]),
          onStep: (steps) => events.push(['step', steps]),
          onHover: (point) => (document.title = point === undefined ? 'away' : point.join(' ')),
        },
      );
      handle.setScene({ base: { pixels } });
      Object.assign(globalThis, { events, viewer, handle });
    }, profile);
    return fresh;
  };
  const ask = <T>(at: Page, expression: string): Promise<T> => at.evaluate<T>(expression);

  test('pans with the left button, zooms about the cursor and windows with the right one in industry', async () => {
    const at = await script('industrial');
    await at.mouse.move(100, 100);
    await at.mouse.down();
    await at.mouse.move(130, 90, { steps: 5 });
    await at.mouse.up();
    expect(await ask(at, 'handle.toScreen([100, 100])')).toEqual([130, 90]);
    await at.mouse.wheel(0, -120);
    expect(await ask<number>(at, 'handle.view().zoom')).toBeCloseTo(Math.exp(0.3), 6);
    const [x, y] = await ask<[number, number]>(at, 'handle.toScreen([100, 100])');
    expect(Math.hypot(x - 130, y - 90)).toBeLessThan(1e-6);
    await at.mouse.down({ button: 'right' });
    await at.mouse.move(130, 190);
    await at.mouse.up({ button: 'right' });
    expect(await ask(at, 'handle.window()')).toEqual({ low: 63.75, high: 318.75 });
    expect(await ask(at, 'events')).toEqual([]);
    await at.context().close();
  });

  test('windows, pans, zooms and steps through slices in radiology; clicks and hover give image points', async () => {
    const at = await script('radiology');
    await at.mouse.move(200, 200);
    expect(await at.title()).toBe('200 200');
    await at.mouse.wheel(0, 120);
    await at.mouse.wheel(0, -120);
    await at.mouse.click(50, 60);
    await at.mouse.dblclick(70, 80);
    expect(await ask(at, 'events')).toEqual([
      ['step', 1],
      ['step', -1],
      ['click', 50, 60],
      ['click', 70, 80],
      ['click', 70, 80],
      ['double-click', 70, 80],
    ]);
    await at.mouse.down();
    await at.mouse.move(70, 280);
    await at.mouse.up();
    expect(await ask(at, 'handle.window()')).toEqual({ low: 127.5, high: 382.5 });
    await at.mouse.down({ button: 'middle' });
    await at.mouse.move(90, 270);
    await at.mouse.up({ button: 'middle' });
    expect(await ask(at, 'handle.toScreen([0, 0])')).toEqual([20, -10]);
    await at.keyboard.down('Control');
    await at.mouse.wheel(0, -10);
    await at.keyboard.up('Control');
    expect(await ask<number>(at, 'handle.view().zoom')).toBeCloseTo(Math.exp(0.1), 6);
    await at.mouse.move(800, 700);
    expect(await at.title()).toBe('away');
    await at.context().close();
  });
});

test('a tool in hand takes the drag', async () => {
  const at = await openViewerPage(browser);
  await at.evaluate(async () => {
    const viewer = viewerPage.createViewer();
    const stroke: number[][] = [];
    const { handle } = await viewerPage.mountPane(
      viewer,
      { width: 100, height: 100 },
      {
        profile: 'industrial',
        tool: () => ({
          press: (start) => {
            stroke.push([...start]);
            return { move: (point) => stroke.push([...point]), end: (point) => stroke.push([...point]) };
          },
        }),
      },
    );
    const pixels = { width: 100, height: 100, channels: 1, bits: 8, data: new Uint8Array(10_000) } as const;
    handle.setScene({ base: { pixels } });
    Object.assign(globalThis, { stroke, viewer });
  });
  await at.mouse.move(10, 10);
  await at.mouse.down();
  await at.mouse.move(20, 30);
  await at.mouse.up();
  expect(await at.evaluate('stroke')).toEqual([
    [10, 10],
    [20, 30],
    [20, 30],
  ]);
  expect(await at.evaluate('viewer.view.get()')).toMatchObject({ x: 0.5, y: 0.5, magnification: 1 });
  await at.context().close();
});

test('only the pane whose scene changes is drawn, once a frame', async () => {
  const drawn = await page.evaluate(async () => {
    const counts = new Map<HTMLCanvasElement | OffscreenCanvas, number>();
    const original = ImageBitmapRenderingContext.prototype.transferFromImageBitmap;
    ImageBitmapRenderingContext.prototype.transferFromImageBitmap = function (bitmap) {
      counts.set(this.canvas, (counts.get(this.canvas) ?? 0) + 1);
      original.call(this, bitmap);
    };
    const viewer = viewerPage.createViewer();
    const panes = await Promise.all(
      [0, 60, 120].map((left) => viewerPage.mountPane(viewer, { left, width: 50, height: 50 })),
    );
    const pixels = { width: 5, height: 5, channels: 1, bits: 8, data: new Uint8Array(25) } as const;
    for (const { handle } of panes) handle.setScene({ base: { pixels } });
    await viewerPage.nextFrames();
    const count = () => panes.map(({ canvas }) => counts.get(canvas) ?? 0);
    const before = count();
    for (let i = 0; i < 5; i++) panes[1]!.handle.setScene({ base: { pixels, invert: i % 2 === 0 } });
    await viewerPage.nextFrames();
    const scene = count().map((value, i) => value - before[i]!);
    viewer.view.set({ ...viewer.view.get(), x: 0.4, magnification: 2 });
    await viewerPage.nextFrames();
    const view = count().map((value, i) => value - before[i]! - scene[i]!);
    viewer.dispose();
    ImageBitmapRenderingContext.prototype.transferFromImageBitmap = original;
    return { scene, view };
  });
  expect(drawn).toEqual({ scene: [0, 1, 0], view: [1, 1, 1] });
});

test('a lost context comes back with everything in it', async () => {
  const [before, during, after] = await page.evaluate(async () => {
    let context: WebGL2RenderingContext | undefined;
    const original = OffscreenCanvas.prototype.getContext;
    OffscreenCanvas.prototype.getContext = function (this: OffscreenCanvas, ...parameters: [never]) {
      const made = original.apply(this, parameters);
      if (made instanceof WebGL2RenderingContext) context = made;
      return made;
    } as typeof original;
    const viewer = viewerPage.createViewer();
    OffscreenCanvas.prototype.getContext = original;
    const { handle, canvas } = await viewerPage.mountPane(viewer, { width: 40, height: 40 });
    const side = { width: 4, height: 4 };
    const mask = { ...side, data: Uint8Array.from({ length: 16 }, (_, i) => (i % 4 === 3 ? 1 : 0)) };
    handle.setScene({
      base: { pixels: { ...side, channels: 1, bits: 8, data: new Uint8Array(16).fill(90) } },
      overlay: {
        map: { rows: 1, columns: 2, data: Float32Array.of(1, 0) },
        colourMap: 'inferno',
        range: { low: 0, high: 1 },
        threshold: 0.5,
        opacity: 0.5,
      },
      masks: [{ mask, style: 'fill', colour: '#00ff00', opacity: 1 }],
    });
    const sum = () => handle.readPixels().data.reduce((total, value, i) => total + value * (1 + (i % 97)), 0);
    const first = sum();
    const extension = context!.getExtension('WEBGL_lose_context')!;
    const event = (name: string) =>
      new Promise((resolve) => context!.canvas.addEventListener(name, resolve, { once: true }));
    const lost = event('webglcontextlost');
    extension.loseContext();
    await lost;
    viewer.fit();
    await viewerPage.nextFrames();
    const meanwhile = sum();
    const restored = event('webglcontextrestored');
    setTimeout(() => extension.restoreContext(), 0);
    await restored;
    await viewerPage.nextFrames();
    const copy = new OffscreenCanvas(40, 40).getContext('2d')!;
    copy.drawImage(canvas, 0, 0);
    const onPage = copy.getImageData(5, 5, 1, 1).data[0]! > 90;
    const last = sum();
    viewer.dispose();
    return [first, meanwhile, onPage ? last : -1];
  });
  expect(during).toBe(0);
  expect(after).toBe(before);
});

test('two thousand slices leave no more memory behind than a hundred', async () => {
  const at = await openViewerPage(browser);
  const cdp = await at.context().newCDPSession(at);
  /** Bytes of the page's heap and of its arrays, garbage left out. */
  const memory = async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize } = (await cdp.send('Runtime.getHeapUsage')) as {
      usedSize: number;
      backingStorageSize?: number;
    };
    return usedSize + (backingStorageSize ?? 0);
  };
  await at.evaluate(async () => {
    const viewer = viewerPage.createViewer({ count: 12, bytes: 2 ** 20 });
    const { handle } = await viewerPage.mountPane(viewer, { width: 64, height: 64 });
    async function step(from: number, to: number): Promise<void> {
      for (let i = from; i < to; i++) {
        const data = new Uint16Array(128 * 128).fill(i);
        handle.setScene({ base: { pixels: { width: 128, height: 128, channels: 1, bits: 16, data } } });
        handle.readPixels();
        if (i % 50 === 0) await viewerPage.nextFrames();
      }
    }
    Object.assign(globalThis, { step });
  });
  await at.evaluate('step(0, 100)');
  const early = await memory();
  await at.evaluate('step(100, 2000)');
  const grown = (await memory()) - early;
  // 1900 slices of 32 kB are 60 MB.
  expect(grown).toBeLessThan(2 * 2 ** 20);
  await at.context().close();
});

test('five hundred scenes leave no more textures behind than allowed', async () => {
  const result = await page.evaluate(async () => {
    const limits = { count: 12, bytes: 2 ** 20 };
    const viewer = viewerPage.createViewer(limits);
    const { handle } = await viewerPage.mountPane(viewer, { width: 64, height: 64 });
    let [textures, bytes] = [0, 0];
    for (let i = 0; i < 500; i++) {
      const side = { width: 64, height: 64 };
      handle.setScene({
        base: { pixels: { ...side, channels: 1, bits: 8, data: new Uint8Array(4096).fill(i % 256) } },
        overlay: {
          map: { rows: 4, columns: 4, data: new Float32Array(16).fill(i / 500) },
          colourMap: 'inferno',
          range: { low: 0, high: 1 },
          opacity: 0.5,
        },
        masks: [{ mask: { ...side, data: new Uint8Array(4096) }, style: 'outline', colour: '#ffffff' }],
      });
      handle.readPixels();
      textures = Math.max(textures, viewer.statistics().textures);
      bytes = Math.max(bytes, viewer.statistics().bytes);
    }
    const large = {
      width: 600,
      height: 600,
      channels: 1,
      bits: 8,
      data: new Uint8Array(360_000).fill(77),
    } as const;
    handle.setScene({ base: { pixels: large } });
    const shade = viewerPage.colourAt(handle.readPixels(), 32, 32)[0];
    const overBudget = viewer.statistics();
    viewer.dispose();
    return { textures, bytes, shade, overBudget };
  });
  expect(result.textures).toBe(12);
  expect(result.bytes).toBeLessThanOrEqual(2 ** 20);
  expect(result.shade).toBe(77);
  expect(result.overBudget).toEqual({ textures: 1, bytes: 1_440_000 });
});

test('an image too large for the driver is refused in a sentence', async () => {
  const message = await page.evaluate(async () => {
    const viewer = viewerPage.createViewer();
    const { handle } = await viewerPage.mountPane(viewer, { width: 64, height: 64 });
    const pixels = {
      width: 100_000,
      height: 1,
      channels: 1,
      bits: 8,
      data: new Uint8Array(100_000),
    } as const;
    try {
      handle.setScene({ base: { pixels } });
      return 'shown';
    } catch (error) {
      return String(error);
    } finally {
      viewer.dispose();
    }
  });
  expect(message).toMatch(/^Failure: An image with a side of 100000 pixels cannot be shown/);
});

test('without WebGL2 the viewer says so', async () => {
  const without = await launchBrowser({ args: ['--disable-gpu', '--disable-software-rasterizer'] });
  const bare = await openViewerPage(without);
  const message = await bare.evaluate(() => {
    try {
      viewerPage.createViewer();
      return 'created';
    } catch (error) {
      return error instanceof viewerPage.ViewerUnavailable ? error.message : String(error);
    }
  });
  await without.close();
  expect(message).toMatch(/WebGL2/);
});

test('the strict content policy refused nothing', async () => {
  expect(await page.evaluate(() => viewerPage.violations)).toEqual([]);
});
