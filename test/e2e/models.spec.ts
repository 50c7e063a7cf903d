/** People bring weights; the window shows what became of them. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../support/built.ts';
import { expect, test } from './fixtures.ts';

const weights = join(projectRoot, '../shared/fixtures/dinov3/tiny-mlp');

test('a model is imported by its path, offered, and removed again', async ({ window, nidus }) => {
  test.skip(!existsSync(weights), 'needs the model fixtures of ../shared');
  const { page } = window;
  await window.goTo('Models');
  const path = page.getByLabel('Or a path on the machine Nidus runs on');
  const importButton = page.getByRole('button', { name: 'Import', exact: true }).last();

  await path.fill(nidus.folder);
  await importButton.click();
  await expect(page.getByRole('alert')).toContainText('config.json');

  await path.fill(weights);
  await importButton.click();
  const row = page.getByRole('listitem').filter({ hasText: 'tiny-mlp' });
  await expect(row).toContainText('DINOv3 License');
  await expect(row).toContainText('ms an image at the import');
  await expect(page.getByRole('alert')).toBeHidden();

  await row.getByRole('button', { name: 'Remove tiny-mlp' }).click();
  await page.getByRole('button', { name: 'Remove the model' }).click();
  await expect(row).toBeHidden();
});
