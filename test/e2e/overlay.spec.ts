/** What is drawn over an image lies where the numbers say, to half a pixel of the image. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { resizeBilinear } from '#shared/anomaly-map.ts';
import type { ScoreMap } from '#shared/arrays.ts';
import { createRandom } from '#shared/random.ts';
import { routes } from '#shared/routes.ts';
import { finishedRun, importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';
import type { PanePicture } from './pages/pane-picture.ts';

const size = 256;
/** On borders of patches of 16 pixels, off centre in either direction. */
const square = { left: 64, top: 144, right: 128, bottom: 192 };
const bright = 230;

async function writePicture(path: string, seed: number, withSquare: boolean): Promise<void> {
  const random = createRandom(seed);
  const pixels = Uint8Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    const inside = x >= square.left && x < square.right && y >= square.top && y < square.bottom;
    return withSquare && inside ? bright : 60 + random.integer(40);
  });
  await sharp(pixels, { raw: { width: size, height: size, channels: 1 } })
    .png()
    .toFile(path);
}

/** Where a whole image of this size stands in a pane, and how large: it is fitted and centred. */
function fittedIn(pane: PanePicture) {
  const zoom = Math.min(pane.width, pane.height) / size;
  return { zoom, left: (pane.width - size * zoom) / 2, top: (pane.height - size * zoom) / 2 };
}

test('the map and the image under it', async ({ nidus, window, client }) => {
  const { page, inspect } = window;
  const folder = join(nidus.folder, 'squares');
  await mkdir(folder);
  await writePicture(join(folder, 'flat.png'), 1, false);
  await writePicture(join(folder, 'square.png'), 2, true);
  const studyId = await importFolder(client, 'Squares', folder);
  const images = await client.images.list({ studyId });
  const flat = images.find(({ name }) => name.endsWith('flat.png'))!;
  const query = images.find(({ name }) => name.endsWith('square.png'))!;
  await client.images.setRole({ ids: [flat.id], role: 'normal' });
  const run = await finishedRun(client, studyId, {
    size,
    foreground: { rule: 'all' },
    support: { kind: 'chosen', images: [flat.id] },
  });
  const raw = await page.evaluate(
    async (path) => {
      const response = await fetch(path);
      const grid = response.headers.get('x-nidus-grid')!.split(',').map(Number);
      return { grid, data: [...new Float32Array(await response.arrayBuffer())] };
    },
    routes.map(run.id, query.id),
  );
  const map: ScoreMap = {
    rows: raw.grid[0]!,
    columns: raw.grid[1]!,
    data: Float32Array.from(raw.data),
  };
  const threshold = (Math.min(...map.data) + Math.max(...map.data)) / 2;

  await page.reload();
  await window.studies.open('Squares');
  await inspect.hasMapOf(2);
  await page.getByRole('radio', { name: 'Raw', exact: true }).check();
  await inspect.set(inspect.threshold, String(threshold));
  await inspect.set(inspect.opacity, '100');
  const typed = Number(await inspect.threshold.inputValue());

  await test.step('the bright square has its edges where they were drawn', async () => {
    const pane = await inspect.picture('Query');
    const { zoom, left, top } = fittedIn(pane);
    const isBright = (x: number, y: number) => pane.data[(y * pane.width + x) * 4]! > (bright + 100) / 2;
    const middle = {
      x: Math.round(left + zoom * ((square.left + square.right) / 2)),
      y: Math.round(top + zoom * ((square.top + square.bottom) / 2)),
    };
    const run = (length: number, hit: (i: number) => boolean) => {
      const hits = Array.from({ length }, (_, i) => i).filter(hit);
      return [hits[0]!, hits.at(-1)! + 1] as const;
    };
    const [x0, x1] = run(pane.width, (x) => isBright(x, middle.y));
    const [y0, y1] = run(pane.height, (y) => isBright(middle.x, y));
    const found = [(x0 - left) / zoom, (y0 - top) / zoom, (x1 - left) / zoom, (y1 - top) / zoom];
    const drawn = [square.left, square.top, square.right, square.bottom];
    found.forEach((edge, i) => expect(Math.abs(edge - drawn[i]!)).toBeLessThanOrEqual(0.5));
  });

  await test.step('the map is drawn where its scores are above the threshold', async () => {
    const [highest] = map.data.reduce<[number, number]>(
      (best, value, i) => (value > best[1] ? [i, value] : best),
      [0, -Infinity],
    );
    const [column, row] = [highest % map.columns, Math.floor(highest / map.columns)];
    expect(column).toBeGreaterThanOrEqual(square.left / 16 - 1);
    expect(column).toBeLessThanOrEqual(square.right / 16);
    expect(row).toBeGreaterThanOrEqual(square.top / 16 - 1);
    expect(row).toBeLessThanOrEqual(square.bottom / 16);

    const covered = await inspect.picture('Anomaly map');
    await page.keyboard.down('g');
    await expect(inspect.pane('Anomaly map').getByText('hidden')).toBeVisible();
    const bare = await inspect.picture('Anomaly map');
    await page.keyboard.up('g');

    const { wrong, inside } = compare(covered, bare, map, typed);
    expect(inside).toBeGreaterThan(100);
    expect(wrong).toBe(0);
  });
});

/**
 * Counts screen pixels that are covered although no score within half an image pixel is at or above the
 * threshold, or bare although none is below.
 */
function compare(covered: PanePicture, bare: PanePicture, map: ScoreMap, threshold: number) {
  const { zoom, left, top } = fittedIn(covered);
  // Scores for every eighth of an image pixel.
  const finer = 8;
  const scores = resizeBilinear(map, size * finer, size * finer);
  const reach = finer / 2;
  let [wrong, inside] = [0, 0];
  for (let y = Math.ceil(top); y < top + size * zoom - 1; y++) {
    for (let x = Math.ceil(left); x < left + size * zoom - 1; x++) {
      const at = (y * covered.width + x) * 4;
      const isCovered = [0, 1, 2].some((c) => covered.data[at + c] !== bare.data[at + c]);
      if (isCovered) inside += 1;
      const u = Math.floor(((x + 0.5 - left) / zoom) * finer);
      const v = Math.floor(((y + 0.5 - top) / zoom) * finer);
      if (!agreesNear(scores, u, v, reach, threshold, isCovered)) wrong += 1;
    }
  }
  return { wrong, inside };
}

function agreesNear(
  { rows, columns, data }: ScoreMap,
  u: number,
  v: number,
  reach: number,
  threshold: number,
  isCovered: boolean,
): boolean {
  const agrees = (x: number, y: number) => data[y * columns + x]! >= threshold === isCovered;
  if (agrees(u, v)) return true;
  for (let y = Math.max(0, v - reach); y <= Math.min(rows - 1, v + reach); y++)
    for (let x = Math.max(0, u - reach); x <= Math.min(columns - 1, u + reach); x++)
      if (agrees(x, y)) return true;
  return false;
}
