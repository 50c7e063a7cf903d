/** Inspect shows an image as its DICOM file says: its windows, its table of greys, and what it draws over the pixels. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jobFinished } from '../support/page-client.ts';
import { bytesOf, type DicomElement, imageElements, writeDicom } from '../support/dicom.ts';
import { expect, test } from './fixtures.ts';
import type { PanePicture } from './pages/pane-picture.ts';

const size = 64;
/** From left to right. */
const sampleAt = (column: number): number => column * 64;
/** A block of the image that the overlay fills: in an unused bit of the samples, as old files have it. */
const block = { left: 4, top: 24, right: 12, bottom: 40 };
const overlayBit = 0x8000;

/** Black below 2048, white from there on, over all 12-bit samples; the other way round than both windows show them. */
const film = Uint16Array.from({ length: 4096 }, (_, i) => (i < 2048 ? 4095 : 0));

function radiograph(instance: number): Buffer {
  const words = Uint16Array.from({ length: size * size }, (_, i) => {
    const [x, y] = [i % size, Math.floor(i / size)];
    const inside = x >= block.left && x < block.right && y >= block.top && y < block.bottom;
    return sampleAt(x) + (inside ? overlayBit : 0);
  });
  const table: DicomElement[] = [
    ['00283002', 'US', [film.length, 0, 12]],
    ['00283003', 'LO', 'FILM'],
    ['00283006', 'OW', bytesOf(film)],
  ];
  return writeDicom({
    elements: [
      ['00080018', 'UI', `1.2.3.${instance}`],
      ['00080060', 'CS', 'DX'],
      ['00100020', 'LO', `ID-${instance}`],
      ['0020000D', 'UI', `1.2.${instance}`],
      ['0020000E', 'UI', `1.2.3.4.${instance}`],
      ...imageElements({ rows: size, columns: size, bitsStored: 12 }),
      ['00281050', 'DS', '2048\\1000'],
      ['00281051', 'DS', '4096\\512'],
      ['00281055', 'LO', 'WIDE\\NARROW'],
      ['00283010', 'SQ', [table]],
      ['60000010', 'US', size],
      ['60000011', 'US', size],
      ['60000050', 'SS', [1, 1]],
      ['60000100', 'US', 16],
      ['60000102', 'US', 15],
      ['7FE00010', 'OW', bytesOf(words)],
    ],
  });
}

/** The grey in the middle of a pixel of the image, which is fitted and centred. */
function greyOf({ width, height, data }: PanePicture, column: number, row: number): number {
  const zoom = Math.min(width, height) / size;
  const x = Math.floor(width / 2 + (column + 0.5 - size / 2) * zoom);
  const y = Math.floor(height / 2 + (row + 0.5 - size / 2) * zoom);
  return data[(y * width + x) * 4]!;
}

test('the windows of the file are in the menu, and its overlay can be taken off', async ({
  nidus,
  window,
  client,
}) => {
  const { page, inspect } = window;
  const folder = join(nidus.folder, 'radiographs');
  await mkdir(folder);
  for (const instance of [1, 2]) await writeFile(join(folder, `IM${instance}`), radiograph(instance));
  const { studyId, jobId } = await client.imports.start({
    paths: [folder],
    layout: 'auto',
    role: 'query',
    slices: { keep: ['overlays'] },
    study: { name: 'Radiographs' },
  });
  await jobFinished(client, jobId);
  const images = await client.images.list({ studyId });
  expect(images).toHaveLength(2);
  await client.images.setRole({ ids: [images[1]!.id], role: 'normal' });
  await page.reload();
  await window.studies.open('Radiographs');
  await inspect.hasMapOf(2);

  const inBlock = [(block.left + block.right) / 2, size / 2] as const;
  const beside = 8;
  const greys = async (columns: readonly number[]) => {
    const picture = await inspect.picture('Query');
    return columns.map((column) => greyOf(picture, column, beside));
  };
  /** A step of the ramp is this much of the window; a screen pixel off its centre sees half of it. */
  const near = (found: readonly number[], wanted: readonly number[], step: number) =>
    found.forEach((grey, i) => expect(Math.abs(grey - wanted[i]!)).toBeLessThanOrEqual(1 + step / 2));

  await test.step('the overlay lies over the query in white until it is switched off', async () => {
    await expect(inspect.overlaySwitch).toBeChecked();
    expect(greyOf(await inspect.picture('Query'), ...inBlock)).toBe(255);
    expect(greyOf(await inspect.picture('Anomaly map'), ...inBlock)).not.toBe(255);
    await inspect.overlaySwitch.click();
    await expect(inspect.overlaySwitch).not.toBeChecked();
    const under = (sampleAt(inBlock[0]) * 255) / 4095;
    await expect
      .poll(async () => Math.abs(greyOf(await inspect.picture('Query'), ...inBlock) - under))
      .toBeLessThan(4);
    await inspect.overlaySwitch.click();
    await expect.poll(async () => greyOf(await inspect.picture('Query'), ...inBlock)).toBe(255);
  });

  await test.step("the first window is the image's own", async () => {
    await expect(inspect.pane('Query').getByText('W 4096 L 2048')).toBeVisible();
    near(
      await greys([0, 16, 32, 63]),
      [0, 16, 32, 63].map((x) => (sampleAt(x) * 255) / 4095),
      4,
    );
  });

  await test.step('another window is chosen in the menu', async () => {
    await inspect.chooseWindow('Window of the file: NARROW, W 512 L 1000');
    await expect(inspect.pane('Query').getByText('W 512 L 1000')).toBeVisible();
    const shade = (x: number) => Math.min(255, Math.max(0, ((sampleAt(x) - 744) * 255) / 511));
    near(await greys([8, 14, 16, 20]), [8, 14, 16, 20].map(shade), 32);
  });

  await test.step('and so is a table', async () => {
    await inspect.chooseWindow('Window of the file: FILM, W 4095 L 2047.5');
    await expect.poll(() => greys([2, 30, 33, 60])).toEqual([255, 255, 0, 0]);
  });

  await test.step('a window of another kind takes the curve of the table away', async () => {
    await inspect.chooseWindow('Window: every value');
    await expect.poll(async () => (await greys([60]))[0]).toBeGreaterThan(230);
  });
});
