/** People bring weights; the window shows what became of them. */
import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot } from '../support/built.ts';
import { expect, test } from './fixtures.ts';

const weights = join(projectRoot, '../shared/fixtures/dinov3/tiny-mlp');

test('a model is imported by its path, offered, and removed again', async ({ window, nidus }) => {
  test.skip(!existsSync(weights), 'needs the model fixtures of ../shared');
  const { page } = window;
  await window.goTo('Models');
  const { models } = window;
  const start = page.getByRole('button', { name: 'Import the model' });

  await models.look(nidus.folder);
  await expect(page.getByRole('alert')).toContainText('config.json');

  await models.look(weights);
  await expect(start).toBeDisabled();
  await models.found.getByLabel(/I have read and accept the DINOv3 License/).check();
  await start.click();
  const row = models.row('tiny-mlp');
  await expect(row).toContainText('DINOv3 License');
  await expect(row).toContainText('ms an image at the import');
  await expect(row).toContainText(/float32 .*float16 .*int8/);
  await expect(row).toContainText(/CPU\s*\d.* ms a small image/);
  await expect(page.getByRole('alert')).toBeHidden();

  await row.getByRole('button', { name: 'Remove tiny-mlp' }).click();
  await page.getByRole('button', { name: 'Remove the model' }).click();
  await expect(row).toBeHidden();
});

test(
  'weights on the machine of the browser are sent and converted',
  { tag: '@browser' },
  async ({ window, nidus }) => {
    test.skip(!existsSync(weights), 'needs the model fixtures of ../shared');
    const { page } = window;
    const folder = join(nidus.folder, 'My tiny ViT');
    for (const name of ['config.json', 'preprocessor_config.json', 'model.safetensors'])
      await cp(join(weights, name), join(folder, name));
    await window.goTo('Models');
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose a model folder' }).click();
    await (await chooser).setFiles(folder);
    await window.models.found.getByLabel(/I have read and accept/).check();
    await page.getByRole('button', { name: 'Import the model' }).click();
    await expect(window.models.row('my-tiny-vit')).toContainText('dinov3_vit');
  },
);
