/** The cells of Inspect, their tools, and what they say of a map, in a real browser with a real mouse. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import sharp from 'sharp';
import { writePhantomSet } from '../support/phantoms.ts';
import { finishedRun, importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';
import type { PanePicture } from './pages/pane-picture.ts';

const grey = (picture: PanePicture, x: number, y: number) =>
  picture.data[(Math.round(y) * picture.width + Math.round(x)) * 4]!;

async function centreOf(element: Locator): Promise<{ x: number; y: number }> {
  const box = (await element.boundingBox())!;
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test('a map is asked, measured, compared and calibrated', async ({ nidus, window, client }) => {
  test.slow();
  const { page, inspect } = window;
  const folder = join(nidus.folder, 'set');
  await writePhantomSet(folder, { normals: 4, abnormals: 2, size: 128 });
  const studyId = await importFolder(client, 'Phantoms', folder);
  await finishedRun(client, studyId, { size: 128, support: { kind: 'matched', count: 2 } });
  await page.reload();
  await window.studies.open('Phantoms');
  await inspect.hasMapOf(2);

  await test.step('the grid grows, and each cell shows what it is told to', async () => {
    await page.getByRole('button', { name: 'Cells: rows and columns' }).click();
    await page.getByRole('button', { name: '2 rows, 3 columns' }).click();
    await expect(inspect.cells).toHaveCount(6);
    await page.getByRole('combobox', { name: 'Cell 5 shows' }).selectOption('Support clusters');
    await expect(inspect.canvas('Support clusters')).toBeVisible();
    await expect(inspect.canvas('Clusters')).toBeVisible();
    const bare = await inspect.stamp('Query');
    await expect.poll(() => inspect.stamp('Clusters')).not.toBe(bare);
    await page.getByRole('combobox', { name: 'Cell 5 shows' }).selectOption('Ground truth');
  });

  await test.step('a patch is explained, with its matches drawn in the support image', async () => {
    // A select keeps the keys for itself.
    await inspect.canvas('Query').focus();
    await page.keyboard.press('Shift+y');
    const why = inspect.panel.getByRole('region', { name: 'Why is this hot?' });
    await expect(why.getByText(/Patch \d+, \d+: score/)).toBeVisible({ timeout: 45_000 });
    await expect(why.getByText('without')).toHaveCount(2);
    await expect(inspect.pane('Support').getByText(/^best 0\.\d+/)).toBeVisible();
    await expect(inspect.pane('Support').getByText(/^worst/)).toBeVisible();
    const hottest = await why.getByText(/Patch \d/).textContent();

    await page.getByRole('button', { name: 'Why is this hot? Press a patch' }).click();
    const map = await centreOf(inspect.canvas('Anomaly map'));
    await page.mouse.click(map.x, map.y);
    await expect(why.getByText(/Patch [34], [34]: score/)).toBeVisible();
    expect(hottest).toBeTruthy();

    const [first] = await client.images.list({ studyId });
    expect(first).toBeDefined();
    const name = await why.getByRole('listitem').first().locator('.name').textContent();
    await why.getByRole('button', { name: 'Never compare with this image' }).first().click();
    await expect(inspect.support.getByText('0 pinned, 1 banned')).toBeVisible();
    await expect(why.getByRole('listitem').first().locator('.name')).not.toHaveText(name!);
    await inspect.support.getByRole('button', { name: 'forget them' }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await expect(why).toBeHidden();
  });

  await test.step('the calibrated scale names itself, and thresholds stay raw', async () => {
    const raw = await inspect.threshold.inputValue();
    await inspect.useScale('Calibrated');
    await expect(page.getByRole('figure', { name: 'Colour bar, calibrated on normals' })).toBeVisible();
    await expect(inspect.panel.getByText(/hotter than .* % of the pixels of 4 normal images/)).toBeVisible();
    expect(await inspect.threshold.inputValue()).toBe(raw);
    await inspect.useScale('Raw');
  });

  await test.step('regions that are too small go, and with them their figures', async () => {
    const before = await inspect.stamp('Difference');
    const dice = await inspect.figure('Dice').textContent();
    await inspect.set(inspect.panel.getByRole('textbox', { name: 'Smallest area' }), '1000');
    await expect.poll(() => inspect.stamp('Difference')).not.toBe(before);
    await expect(inspect.figure('Dice')).not.toHaveText(dice!);
    await inspect.set(inspect.panel.getByRole('textbox', { name: 'Smallest area' }), '0');
    await expect.poll(() => inspect.stamp('Difference')).toBe(before);
  });

  await test.step('the strip shows other numbers of clusters, and takes one', async () => {
    await page.keyboard.press('Shift+b');
    const bench = page.getByRole('region', { name: 'Settings side by side', exact: true });
    await expect(bench.getByRole('button', { name: /^K 8\b.* 0\.\d+/ })).toBeVisible();
    await bench.getByRole('button', { name: /^K 4\b/ }).click();
    await inspect.hasMapOf(4);
    await expect(bench.getByRole('button', { name: /^K 4\b/ })).toHaveAttribute('aria-pressed', 'true');
    await page.keyboard.press('Shift+b');
  });

  await test.step('behind the curtain stands the map of the run', async () => {
    const alone = await inspect.picture('Anomaly map');
    await page.getByRole('button', { name: 'A | B' }).click();
    await page.getByRole('menuitem', { name: /^B is run 1/ }).click();
    const curtain = inspect.pane('Anomaly map').getByRole('slider', { name: 'Curtain' });
    await expect(curtain).toBeVisible();
    await expect
      .poll(async () => differingColumns(alone, await inspect.picture('Anomaly map')))
      .toMatchObject({ any: true });
    const { first, middle } = differingColumns(alone, await inspect.picture('Anomaly map'));
    expect(first).toBeGreaterThanOrEqual(middle - 1);
    await page.getByRole('button', { name: 'A | B' }).click();
    await page.getByRole('menuitem', { name: 'Forget B' }).click();
    await expect(curtain).toBeHidden();
  });

  await test.step('a ruler is as long as it was drawn', async () => {
    await page.keyboard.press('d');
    const query = inspect.canvas('Query');
    const { x, y } = await centreOf(query);
    const zoom = Number((await inspect.pane('Query').getByText(/×$/).textContent())!.replace('×', ''));
    await page.mouse.move(x - 30, y);
    await page.mouse.down();
    await page.mouse.move(x + 20, y, { steps: 3 });
    await page.mouse.up();
    const label = inspect.pane('Query').getByRole('button', { name: /^Length/ });
    const length = Number((await label.textContent())!.replace(' px', ''));
    expect(Math.abs(length - 50 / zoom)).toBeLessThan(0.5 + 25 * (0.005 / zoom ** 2));
    await label.focus();
    await page.keyboard.press('Delete');
    await expect(label).toBeHidden();
    await page.keyboard.press('ControlOrMeta+z');
    await expect(label).toBeVisible();
    await page.keyboard.press('Escape');

    await page.reload();
    await inspect.hasMapOf(4);
    await expect(label).toHaveText(`${length.toFixed(1)} px`);
  });
});

function differingColumns(a: PanePicture, b: PanePicture) {
  let first = Infinity;
  for (let i = 0; i < a.data.length; i++) {
    if (a.data[i] !== b.data[i]) first = Math.min(first, Math.floor(i / 4) % a.width);
  }
  return { any: Number.isFinite(first), first, middle: Math.round(a.width / 2) };
}

test('sixteen bits are windowed, turned and linked as the numbers say', async ({ nidus, window, client }) => {
  const { page, inspect } = window;
  const folder = join(nidus.folder, 'deep');
  await mkdir(folder);
  const size = 96;
  // A ramp from left to right, so that every column has its own value.
  const ramp = Uint16Array.from({ length: size * size }, (_, i) => 1000 + 20 * (i % size));
  for (const name of ['a.png', 'b.png']) {
    const values = name === 'a.png' ? ramp : ramp.map((value) => value + 5);
    await sharp(values, { raw: { width: size, height: size, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(join(folder, name));
  }
  const studyId = await importFolder(client, 'Deep', folder);
  const images = await client.images.list({ studyId });
  await client.images.setRole({ ids: [images[1]!.id], role: 'normal' });
  await page.reload();
  await window.studies.open('Deep');
  await inspect.hasMapOf(2);

  await inspect.chooseWindow('Window: every value');
  const [low, high] = [1000, 1000 + 20 * (size - 1)];
  await expect(inspect.pane('Query').getByText(`W ${high - low} L ${(high + low) / 2}`)).toBeVisible();

  const before = await inspect.picture('Query');
  const zoom = Math.min(before.width, before.height) / size;
  const [cx, cy] = [before.width / 2, before.height / 2];
  for (const column of [10, 48, 90]) {
    const x = cx + (column + 0.5 - size / 2) * zoom;
    const value = 1000 + 20 * column;
    const expected = (255 * (value - low)) / (high - low);
    // A screen pixel off its centre sees a neighbouring value mixed in.
    expect(Math.abs(grey(before, x - 0.5, cy) - expected)).toBeLessThanOrEqual(1 + 255 / size / zoom);
  }

  await inspect.canvas('Query').focus();
  await page.keyboard.press('t');
  await expect.poll(async () => grey(await inspect.picture('Query'), cx, cy - 30 * zoom)).toBeLessThan(80);
  const turned = await inspect.picture('Query');
  for (const offset of [-30, -5, 20]) {
    const across = grey(before, cx + offset * zoom - 0.5, cy - 0.5);
    expect(Math.abs(grey(turned, cx - 0.5, cy + offset * zoom - 0.5) - across)).toBeLessThanOrEqual(3);
  }
  const support = await inspect.stamp('Support');
  await page.getByRole('button', { name: 'Link zoom and pan' }).click();
  await page.keyboard.press('=');
  await expect.poll(() => inspect.stamp('Support')).toBe(support);
});
