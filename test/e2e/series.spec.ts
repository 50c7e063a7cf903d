/** DICOM files of two series: what is in them is shown before anything is copied, and no name comes along. */
import { join } from 'node:path';
import { writeSeries } from '../support/series.ts';
import { expect, test } from './fixtures.ts';

test('one of two series is chosen, and arrives without the name of the patient', async ({
  nidus,
  window,
}) => {
  const { imports, images } = window;
  const folder = join(nidus.folder, 'export');
  await writeSeries(folder, 4);
  await window.studies.importButton.click();
  await imports.lookAt(folder);
  await expect(imports.dialog.getByText('8 images in DICOM files')).toBeVisible();
  await expect(imports.dialog.getByText(/MR 2: Slices are missing/)).toBeVisible();
  await imports.series('MR 2').uncheck();
  await expect(imports.dialog.getByText('4 images in DICOM files')).toBeVisible();
  await expect(imports.dialog.getByText(/MR 2: Slices are missing/)).toHaveCount(0);
  await expect(imports.deidentified).toBeChecked();
  await imports.start();
  await imports.showImages();
  await expect(images.all).toHaveCount(4);
  await expect(window.page.getByText('Doe')).toHaveCount(0);

  const first = images.all.first();
  await expect(first).toContainText('001');
  await window.page.keyboard.press('Control+Shift+H');
  await expect(window.page.getByRole('heading', { name: /^Study \d+$/ })).toBeVisible();
  await expect(first).toContainText(/Image \d+/);
});

test('de-identified series are copied; with their names they may be linked', async ({ nidus, window }) => {
  const { imports, images } = window;
  const folder = join(nidus.folder, 'export');
  await writeSeries(folder);
  await window.studies.importButton.click();
  await imports.lookAt(folder);
  await expect(imports.linkChoice).toBeDisabled();
  await expect(imports.dialog.getByText(/^De-identified DICOM files are copied/)).toBeVisible();
  await imports.deidentified.click();
  await expect(imports.linkChoice).toBeEnabled();
  await imports.linkChoice.check();
  await expect(imports.dialog.getByText(/must stay where they are, unchanged/)).toBeVisible();
  await imports.start();
  await imports.showImages();
  await expect(images.all).toHaveCount(6);

  await window.goTo('Settings');
  await expect(window.page.getByText(/in 6 files are linked where they lie/)).toBeVisible();
});
