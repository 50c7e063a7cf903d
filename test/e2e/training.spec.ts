/** A person trains an adapter on one study, scores another with it, and looks at its maps. */
import { join } from 'node:path';
import { promptLists } from '#shared/prompts.ts';
import { bringEncoders, imageEncoder, textEncoder } from '../support/encoders.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importFolder } from '../support/studies.ts';
import { views } from '#shared/routes.ts';
import { expect, test } from './fixtures.ts';

test('an adapter is trained, scores another study, and is refused on what it has seen', async ({
  window,
  nidus,
  client,
}) => {
  test.setTimeout(180_000);
  const { adapters, inspect, page } = window;
  await bringEncoders(client);
  await writePhantomSet(join(nidus.folder, 'discs'), { normals: 2, abnormals: 6, size: 80 });
  await writePhantomSet(join(nidus.folder, 'plates'), { normals: 2, abnormals: 3, size: 96 });
  await importFolder(client, 'Discs', join(nidus.folder, 'discs'));
  const plates = await importFolder(client, 'Plates', join(nidus.folder, 'plates'));
  await client.prompts.set({ studyId: plates, className: 'plate', list: promptLists.industrial });

  await window.goTo('Models');
  await adapters.openTraining();
  await adapters.chooseAuxiliary('Discs', 'metal disc');
  const normal = adapters.prompts.getByRole('region', { name: '168 normal sentences' });
  await expect(normal.getByRole('listitem')).toHaveCount(168);
  await expect(normal).toContainText('a photo of a intact metal disc.');
  await adapters.prompts.getByRole('button', { name: 'Compare the two states' }).click();
  await expect(adapters.prompts).toContainText(/Cosine of the two text vectors -?\d\.\d{4}/);
  await adapters.savePrompts();

  await adapters.field('Name').fill('Discs');
  await adapters.field('Image encoder').selectOption(imageEncoder);
  await adapters.field('Text encoder').selectOption(textEncoder);
  await adapters.field('Image size').fill('64');
  await adapters.field('Epochs').fill('8');
  await adapters.field('Images a batch').fill('2');
  await adapters.field('Meant for').selectOption('Plates');
  await expect(adapters.cost).toContainText('6 images, 6 with defects, layers 1, 2, 3, 4: 24 batches');
  await adapters.start.click();
  await expect(adapters.training).toBeHidden();
  await expect(adapters.row('Discs')).toContainText('trained on 6 images of metal disc; 8 epochs', {
    timeout: 60_000,
  });
  await expect(adapters.row('Discs')).toContainText('not training-free');

  await adapters.row('Discs').getByRole('button', { name: 'Score a study' }).click();
  await adapters.chooseScored('Discs', 'metal disc');
  await adapters.scoring.getByRole('button', { name: /^Run on/ }).click();
  await expect(adapters.scoring.getByRole('alert')).toContainText('was trained on "metal disc"');
  await adapters.chooseScored('Plates', 'plate');
  await adapters.scoring.getByRole('button', { name: 'Run on 3 images' }).click();
  await expect(window.evaluate.histograms).toHaveCount(1, { timeout: 60_000 });

  await page.goto(new URL(views.study(plates, 'inspect'), page.url()).href);
  const method = inspect.panel.getByRole('combobox', { name: 'Method', exact: true });
  const shown = inspect.panel.getByRole('textbox', { name: 'What the images show' });
  await expect(method).toHaveValue('ad-dinov3');
  await expect(inspect.panel.getByRole('combobox', { name: 'Adapter' })).toContainText('Discs');
  await expect(inspect.colourBar).toBeVisible();
  await window.showTab('References');
  const run = page.getByRole('complementary', { name: 'Reference sets and run' });
  await expect(run.getByRole('combobox', { name: 'Adapter' })).toContainText('Discs');
  await expect(window.references.runButton).toBeEnabled();
  await window.showTab('Inspect');
  await method.selectOption('DINO-AD');
  await expect(shown).toBeHidden();
  await method.selectOption('AD-DINOv3');
  await expect(shown).toHaveValue('plate');
  await shown.fill('metal disc');
  await shown.press('Enter');
  await expect(
    page.getByText('was trained on "metal disc", so it cannot be tried on it').first(),
  ).toBeVisible();
});
