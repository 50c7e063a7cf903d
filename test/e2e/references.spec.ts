/** The normal set in the window: examined, cleaned, frozen, compared and run on. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { phantom, writePhantomSet } from '../support/phantoms.ts';
import { importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

test('the doctor finds what spoils the normals, and a clean set is frozen and run on', async ({
  nidus,
  window,
  client,
}) => {
  // Features, an examination and a run: more than one test's usual share.
  test.slow();
  const { references } = window;
  const folder = join(nidus.folder, 'spoilt');
  const size = 96;
  await writePhantomSet(folder, { normals: 22, abnormals: 2, size });
  const normals = join(folder, 'train', 'good');
  await copyFile(join(normals, 'n0003.png'), join(normals, 'n0003-copy.png'));
  await sharp(phantom(500, size, true).image, { raw: { width: size, height: size, channels: 1 } })
    .toColourspace('b-w')
    .png()
    .toFile(join(normals, 'spoilt.png'));
  const study = await importFolder(client, 'Spoilt', folder);
  await window.studies.open('Spoilt');
  await window.showTab('References');

  await test.step('an examination lists what it found, and each line opens its images', async () => {
    await expect(references.images).toHaveCount(24, { timeout: 60_000 });
    await references.examine();
    await expect(references.finding('1 near-duplicate')).toBeVisible({ timeout: 60_000 });
    await references.finding('1 near-duplicate').click();
    await expect(references.images).toHaveCount(2);
    await references.finding('1 normal looks abnormal').click();
    await expect(references.images).toHaveCount(1);
    await expect(references.grid.getByTitle('train/good/spoilt.png')).toBeVisible();
    await expect(references.grid.locator('canvas')).toBeVisible();
    await references.showAll();
    await expect(references.images).toHaveCount(24);
  });

  await test.step('the lasso narrows the grid to what it caught', async () => {
    await references.lassoAll();
    await expect(window.page.getByText('26 images caught on the map')).toBeVisible();
    await references.showAll();
  });

  await test.step('the grid sorts by similarity to any image and by leave-one-out score', async () => {
    await references.images.nth(4).click();
    await references.sortBy(/^Similarity to/);
    await expect(references.grid.getByText(/^[01]\.\d{3}/).first()).toBeVisible();
    await references.sortBy('Leave-one-out score');
    await expect(references.images.first().getByTitle('train/good/spoilt.png')).toBeVisible();
  });

  await test.step('the proposal is carried out; what was frozen before can be compared', async () => {
    await references.freeze('As found');
    await expect(references.sets).toHaveCount(1);
    await expect(references.sets).toContainText('As found');
    await references.finding(/drop \d/).click();
    await expect(references.doctor.getByText(/^False positives on 2\d normals/)).toBeVisible();
    await references.doctor
      .getByRole('button', { name: 'Use what is added, exclude what is dropped' })
      .click();
    await references.showAll();
    await expect(references.images).not.toHaveCount(24);
    const dialog = await references.compare('version 1, As found');
    await expect(dialog.getByText(/^Removed [2-9]/)).toBeVisible();
    await expect(dialog.getByTitle('train/good/spoilt.png')).toBeVisible();
    await window.page.keyboard.press('Escape');
  });

  await test.step('a run takes the frozen set that was chosen, and says so', async () => {
    await references.referenceChoice.selectOption({ label: 'version 1, As found: 24 images' });
    await references.runButton.click();
    await expect(window.message(/^Run 1, .* finished$/)).toBeVisible({ timeout: 60_000 });
    const [run] = await client.runs.list({ studyId: study });
    expect(run?.referenceSet).toMatchObject({ version: 1, name: 'As found', size: 24 });
    await expect(references.sets.first()).toContainText('run 1');
  });
});
