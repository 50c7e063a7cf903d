/** DICOM files of two series: what is in them is shown before anything is copied, and no name comes along. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf, imageElements, writeDicom } from '../support/dicom.ts';
import { phantom } from '../support/phantoms.ts';
import { expect, test } from './fixtures.ts';

const size = 64;

function slice(series: number, instance: number): Buffer {
  const { image } = phantom(instance, size, false);
  return writeDicom({
    elements: [
      ['00080018', 'UI', `1.2.${series}.${instance}`],
      ['00080060', 'CS', 'MR'],
      ['00100010', 'PN', 'Doe^Jane'],
      ['00100020', 'LO', 'ID-4711'],
      ['0020000D', 'UI', '1.2'],
      ['0020000E', 'UI', `1.2.${series}`],
      ['00200011', 'IS', String(series)],
      ['00200032', 'DS', `0\\0\\${instance * 4}`],
      ['00200037', 'DS', '1\\0\\0\\0\\1\\0'],
      ...imageElements({ rows: size, columns: size, bitsStored: 12 }),
      ['00280030', 'DS', '1\\1'],
      ['7FE00010', 'OW', bytesOf(Uint16Array.from(image, (value) => value * 8))],
    ],
  });
}

test('one of two series is chosen, and arrives without the name of the patient', async ({
  nidus,
  window,
}) => {
  const { imports, images } = window;
  const folder = join(nidus.folder, 'export');
  await mkdir(folder);
  for (const series of [1, 2]) {
    for (const instance of [1, 2, 3])
      await writeFile(join(folder, `IM${series}${instance}`), slice(series, instance));
  }
  await window.studies.importButton.click();
  await imports.lookAt(folder);
  await expect(imports.dialog.getByText('6 images in DICOM files')).toBeVisible();
  await imports.series('MR 2').uncheck();
  await expect(imports.dialog.getByText('3 images in DICOM files')).toBeVisible();
  await expect(imports.deidentified).toBeChecked();
  await window.page.screenshot({ path: process.env['NIDUS_SHOT'] ?? join(nidus.folder, 'shot.png') });
  await imports.start();
  await imports.showImages();
  await expect(images.all).toHaveCount(3);
  await expect(window.page.getByText('Doe')).toHaveCount(0);

  const first = images.all.first();
  await expect(first).toContainText('001');
  await window.page.keyboard.press('Control+Shift+H');
  await expect(window.page.getByRole('heading', { name: /^Study \d+$/ })).toBeVisible();
  await expect(first).toContainText(/Image \d+/);
});
