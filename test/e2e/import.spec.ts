/** What people bring is seldom tidy: pictures without roles, and files that cannot be read. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { phantom } from '../support/phantoms.ts';
import { expect, test } from './fixtures.ts';

const size = 128;
const png = (seed: number, lesion: boolean) =>
  sharp(phantom(seed, size, lesion).image, { raw: { width: size, height: size, channels: 1 } })
    .png()
    .toBuffer();

test('normals are chosen in a plain folder before there is a map', async ({ nidus, window }) => {
  const { imports, images, inspect } = window;
  const folder = join(nidus.folder, 'slices');
  await mkdir(folder);
  for (const seed of [1, 2, 3]) await writeFile(join(folder, `healthy${seed}.png`), await png(seed, false));
  await writeFile(join(folder, 'suspect1.png'), await png(4, true));

  await window.studies.importButton.click();
  await imports.lookAt(folder);
  await imports.start();
  await imports.showImages();
  await expect(images.all).toHaveCount(4);
  await expect(images.role('Query')).toContainText('4');

  await window.showTab('Inspect');
  await expect(window.page.getByText('This study has no normal images').first()).toBeVisible();

  await window.showTab('Images');
  await images.search.fill('healthy');
  await expect(images.all).toHaveCount(3);
  await images.selectRange(images.image('healthy1.png'), images.image('healthy3.png'));
  await expect(images.selection).toContainText('3 images selected');
  await images.useAs('normal');
  await expect(images.role('Normal')).toContainText('3');

  await window.showTab('Inspect');
  await inspect.hasMapOf(2);
  await expect(inspect.position).toHaveText('1 of 1');
});

test('files that cannot be read are listed with the reason, and the others arrive', async ({
  nidus,
  window,
}) => {
  const { imports, images } = window;
  const folder = join(nidus.folder, 'mixed');
  await mkdir(folder);
  for (const seed of [1, 2]) await writeFile(join(folder, `good${seed}.png`), await png(seed, false));
  const whole = await png(3, false);
  await writeFile(join(folder, 'cut.png'), whole.subarray(0, whole.length / 2));
  await writeFile(join(folder, 'letter.png'), 'Dear colleague, the picture is attached.');

  await window.studies.importButton.click();
  await imports.lookAt(folder);
  await imports.start();
  await expect(imports.finished).toBeVisible();
  await expect(imports.dialog.getByText('2 images imported, 2 not readable.')).toBeVisible();
  await expect(imports.failure('cut.png')).toContainText('the PNG data is damaged or cut off');
  await expect(imports.failure('letter.png')).toContainText('it is a text file, not an image');

  await imports.showImages();
  await expect(images.all).toHaveCount(2);
});
