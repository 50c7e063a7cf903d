/** A CT slice is shown as radiologists expect it: grey window, letters, millimetres, Hounsfield units, mouse and keys. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf, imageElements, writeDicom } from '../support/dicom.ts';
import { importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';
import type { PanePicture } from './pages/pane-picture.ts';

const size = 64;
/** Millimetres. */
const spacing = 0.5;
/** In every row: another value a column. */
const hounsfieldAt = (column: number) => -160 + 10 * column;

function slice(instance: number): Buffer {
  const stored = Uint16Array.from(
    { length: size * size },
    (_, i) => hounsfieldAt(i % size) + 1024 + instance - 1,
  );
  return writeDicom({
    elements: [
      ['00080018', 'UI', `1.2.9.${instance}`],
      ['00080060', 'CS', 'CT'],
      ['00100020', 'LO', 'ID-1'],
      ['0020000D', 'UI', '1.2'],
      ['0020000E', 'UI', '1.2.9'],
      ['00200011', 'IS', '9'],
      ['00200032', 'DS', `0\\0\\${3 * instance}`],
      ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
      ...imageElements({ rows: size, columns: size, bitsStored: 12 }),
      ['00280030', 'DS', `${spacing}\\${spacing}`],
      ['00281052', 'DS', '-1024'],
      ['00281053', 'DS', '1'],
      ['7FE00010', 'OW', bytesOf(stored)],
    ],
  });
}

test('a CT slice has its window, its letters, its millimetres and its units', async ({
  nidus,
  window,
  client,
}) => {
  test.slow();
  const { page, inspect, annotation } = window;
  const { keyboard, mouse } = page;
  const folder = join(nidus.folder, 'ct');
  await mkdir(folder);
  for (const instance of [1, 2]) await writeFile(join(folder, `IM${instance}`), slice(instance));
  const studyId = await importFolder(client, 'CT', folder);
  const images = (await client.images.list({ studyId })).sort((a, b) => a.name.localeCompare(b.name));
  await client.images.setRole({ ids: [images[1]!.id], role: 'normal' });
  await page.reload();
  await window.studies.open('CT');
  await expect(inspect.position).toHaveText('1 of 1');
  const query = inspect.pane('Query');
  const place = await annotation.placeOf(inspect.canvas('Query'), size);

  await test.step('letters say how the patient lies, and a bar how long a millimetre is', async () => {
    for (const letter of ['R', 'L', 'A', 'P'])
      await expect(query.getByText(letter, { exact: true })).toBeVisible();
    const bar = query.getByText(/^\d+ [mc]m$/);
    const { width } = (await bar.boundingBox())!;
    const [length, unit] = (await bar.textContent())!.split(' ');
    const millimetres = Number(length) * (unit === 'cm' ? 10 : 1);
    const [left] = place.toPage(0, 0);
    const [right] = place.toPage(size, 0);
    expect(Math.abs(width - (millimetres / spacing / size) * (right - left))).toBeLessThanOrEqual(1.5);
  });

  await test.step('a preset gives every value the grey its window says', async () => {
    await page.getByRole('button', { name: 'Window', exact: true }).click();
    await page.getByRole('menuitem', { name: /soft tissue/i }).click();
    await expect(query.getByText('W 400 L 40')).toBeVisible();
    const picture = await inspect.picture('Query');
    for (const column of [6, 20, 40, 60]) {
      const expected = 255 * Math.min(1, Math.max(0, (hounsfieldAt(column) - (40 - 200)) / 400));
      expect(Math.abs(greyOf(picture, column) - expected)).toBeLessThanOrEqual(3);
    }
  });

  await test.step('under the pointer stands the value in Hounsfield units', async () => {
    await mouse.move(...place.toPage(30.5, 20.5));
    await expect(query.getByText(`30, 20 · ${hounsfieldAt(30)} HU`)).toBeVisible();
  });

  await test.step('greys are inverted and the image is mirrored, and both are taken back', async () => {
    const before = await inspect.picture('Query');
    await inspect.canvas('Query').focus();
    await keyboard.press('i');
    await expect
      .poll(async () => Math.abs(greyOf(await inspect.picture('Query'), 20) - (255 - greyOf(before, 20))))
      .toBeLessThanOrEqual(1);
    await keyboard.press('i');
    await keyboard.press('x');
    await expect
      .poll(async () => Math.abs(greyOf(await inspect.picture('Query'), 20) - greyOf(before, size - 1 - 20)))
      .toBeLessThanOrEqual(1);
    await keyboard.press('x');
    await expect.poll(async () => greyOf(await inspect.picture('Query'), 20)).toBe(greyOf(before, 20));
  });

  await test.step('measures are in millimetres and Hounsfield units', async () => {
    const marks = query.getByRole('button');
    await inspect.canvas('Query').focus();
    await keyboard.press('d');
    await annotation.drag(place.toPage(10, 10), place.toPage(50, 10));
    await expect(marks.filter({ hasText: /^(19|20)\.\d mm$/ })).toBeVisible();
    await page.getByRole('button', { name: /^Rectangle/ }).click();
    await annotation.drag(place.toPage(20, 30), place.toPage(40, 50));
    // Columns 20 to 39: the mean is half-way, and half of the slope wide.
    const mean = (hounsfieldAt(20) + hounsfieldAt(39)) / 2;
    await expect(marks.filter({ hasText: new RegExp(`mean ${mean}`) })).toBeVisible();
    await page.getByRole('button', { name: /^Angle/ }).click();
    await annotation.drag(place.toPage(10, 60), place.toPage(30, 60));
    await annotation.drag(place.toPage(30, 60), place.toPage(30, 40));
    await expect(marks.filter({ hasText: /^(89|90|91)(\.\d)? ?°$/ })).toBeVisible();
    await keyboard.press('Escape');
  });

  await test.step('the wheel steps or zooms, as the chosen mouse does', async () => {
    const zoom = () => query.getByText(/×$/).textContent();
    const fitted = await zoom();
    await mouse.move(...place.toPage(32, 32));
    await mouse.wheel(0, -240);
    expect(await zoom()).toBe(fitted);
    await window.palette.open();
    await keyboard.type('Switch the mouse');
    await keyboard.press('Enter');
    await expect(window.palette.dialog).toBeHidden();
    await mouse.move(...place.toPage(32, 32));
    await mouse.wheel(0, -240);
    await expect.poll(zoom).not.toBe(fitted);
    await inspect.canvas('Query').focus();
    await keyboard.press('f');
    await expect.poll(zoom).toBe(fitted);
  });

  await test.step('a double click shows one cell alone', async () => {
    await expect(inspect.canvas('Support')).toBeVisible();
    await mouse.dblclick(...place.toPage(32, 32));
    await expect(inspect.canvas('Support')).toBeHidden();
    await inspect.canvas('Query').focus();
    await keyboard.press('z');
    await expect(inspect.canvas('Support')).toBeVisible();
  });

  await test.step('flicker shows one picture after the other in the same place', async () => {
    const map = inspect.pane('Anomaly map');
    await expect(inspect.colourBar).toBeVisible();
    await map.getByRole('button', { name: 'Compare with another picture' }).click();
    await map.getByRole('combobox', { name: 'How to compare' }).selectOption('flicker');
    const seen = new Set<string>();
    await expect
      .poll(async () => seen.add(await inspect.stamp('Anomaly map')).size, { intervals: [200] })
      .toBeGreaterThanOrEqual(2);
    await map.getByRole('button', { name: 'Compare with another picture' }).click();
  });

  await test.step('the colours of the paper are there, and called so', async () => {
    const before = await inspect.stamp('Anomaly map');
    await inspect.panel.getByRole('combobox', { name: 'Colours' }).selectOption('jet (paper look)');
    await expect.poll(() => inspect.stamp('Anomaly map')).not.toBe(before);
  });
});

/** In the middle row, in the middle of a column of the fitted image. */
function greyOf({ width, height, data }: PanePicture, column: number): number {
  const zoom = Math.min(width, height) / size;
  const x = Math.floor((width - size * zoom) / 2 + (column + 0.5) * zoom);
  return data[(Math.floor(height / 2) * width + x) * 4]!;
}
