import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import type { PageClient } from '../support/page-client.ts';
import { jobFinished } from '../support/page-client.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { finishedRun, importFolder } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

const title = 'Brain FLAIR phantom';

/** A study with normal and abnormal query images, scored. */
async function scoredSample(client: PageClient, runs: readonly { k: number }[]) {
  const { studyId, jobId } = await client.samples.open({ id: 'brain-flair-phantom' });
  if (jobId !== null) await jobFinished(client, jobId);
  for (const settings of runs) await finishedRun(client, studyId, { size: 224, ...settings });
  return studyId;
}

test('a threshold is dragged, found for a rate and kept by name, and images that flip are shown', async ({
  window,
  client,
}) => {
  test.setTimeout(120_000);
  const studyId = await scoredSample(client, [{ k: 2 }]);
  const { page, evaluate } = window;
  const [study] = await client.studies.list();
  await window.studies.open(study?.name ?? title);
  await window.showTab('Evaluate');

  const cut = page.getByRole('slider', { name: 'Abnormal from' });
  const before = Number(await cut.getAttribute('aria-valuenow'));
  const box = (await cut.boundingBox())!;
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 120, y, { steps: 6 });
  await page.mouse.up();
  const after = Number(await cut.getAttribute('aria-valuenow'));
  expect(after).toBeGreaterThan(before);
  await expect(evaluate.decision.getByRole('combobox', { name: 'Threshold', exact: true })).toHaveValue(
    'manual',
  );

  const flips = evaluate.decision.locator('dt:text-is("Flips") + dd');
  await expect(flips).toHaveText(/^[1-9]/);
  const count = Number.parseInt(await flips.innerText(), 10);
  await flips.getByRole('button', { name: 'show them' }).click();
  await expect(evaluate.table).toHaveAccessibleName('Images of the run');
  await expect(evaluate.table.getByRole('table')).toHaveAttribute('aria-rowcount', String(count + 1));
  await flips.getByRole('button', { name: 'show all' }).click();

  await evaluate.decision
    .getByRole('combobox', { name: 'Threshold', exact: true })
    .selectOption('False positives at most');
  await evaluate.decision.getByRole('combobox', { name: 'Rate' }).selectOption('0 %');
  await expect(evaluate.decision.locator('dt:text-is("False positives") + dd')).toHaveText(
    /^0\.0 % \d+\.\d % to \d+\.\d %$/,
  );

  await evaluate.decision.getByRole('switch', { name: 'Grey zone' }).check();
  await expect(page.getByRole('slider', { name: 'Grey from' })).toBeVisible();
  await evaluate.saveThreshold('Screening');
  const saved = evaluate.savedThreshold;
  await expect(saved.locator('option:checked')).toHaveText('Screening, version 1');
  await evaluate.decision.getByRole('button', { name: 'Save' }).click();
  await expect(saved.locator('option:checked')).toHaveText('Screening, version 2');

  const [run] = await client.runs.list({ studyId });
  const kept = await client.thresholds.ofRun({ runId: run!.id });
  expect(kept).toMatchObject({ name: 'Screening', version: 2 });
  expect(kept!.low).toBeLessThan(kept!.high);
});

test('two runs are compared figure by figure and image by image', async ({ window, client }) => {
  test.setTimeout(120_000);
  await scoredSample(client, [{ k: 1 }, { k: 4 }]);
  const { page, evaluate } = window;
  const [study] = await client.studies.list();
  await window.studies.open(study?.name ?? title);
  await window.showTab('Evaluate');
  await evaluate.compareWith(/^Run /);

  await expect(evaluate.comparison.getByRole('row')).toHaveCount(8, { timeout: 60_000 });
  await expect(evaluate.comparison.getByRole('row', { name: /^Pixel AUROC/ })).toHaveText(
    /0\.\d{4}\s*0\.\d{4}\s*[+-]?0\.\d{4}\s*[+-]?0\.\d{3} to [+-]?0\.\d{3}/,
  );
  await expect(page.getByText(/DeLong, image AUROC: p/)).toBeVisible();
  await expect(page.getByText(/kappa of decisions/)).toBeVisible();
  await page
    .getByRole('region', { name: /^Images of both runs/ })
    .getByRole('row')
    .nth(1)
    .click();
  await expect(page).toHaveURL(/inspect/);
});

test(
  "a protocol runs on two studies beside the paper's numbers, and its bundle can be checked",
  { tag: '@browser' },
  async ({ nidus, window, client }) => {
    test.setTimeout(150_000);
    for (const name of ['Brain', 'Liver']) {
      const folder = join(nidus.folder, name);
      await writePhantomSet(folder, { normals: 3, abnormals: 2, size: 96 });
      await importFolder(client, name, folder);
    }
    const { page, evaluate } = window;
    await window.studies.open('Brain');
    await window.showTab('Evaluate');
    await evaluate.showProtocols();
    await page.getByRole('button', { name: 'Start one' }).click();
    const dialog = page.getByRole('dialog', { name: 'Protocol or sweep' });
    await dialog.getByRole('combobox', { name: 'Published numbers beside Brain' }).selectOption('BMAD brain');
    await dialog.getByRole('checkbox', { name: 'Liver' }).check();
    await expect(dialog.getByRole('combobox', { name: /beside Liver/ })).toHaveValue('BMAD brain');
    for (const row of ['K = 3', 'K = 4']) await dialog.getByRole('checkbox', { name: row }).uncheck();
    await dialog.getByRole('button', { name: 'Start 6 runs' }).click();
    await expect(dialog).toBeHidden();

    const line = evaluate.sweepTable.getByRole('row', { name: /^K = 2/ });
    await expect(line).toHaveText(/2 runs\s*\d\d\.\d\d\s*paper 98\.22\s*\d\d\.\d\d\s*paper 70\.52/, {
      timeout: 90_000,
    });
    await expect(page.getByText('Not comparable: the model is scatter16')).toBeVisible();
    await page.getByRole('switch', { name: 'Each study' }).check();
    await expect(evaluate.sweepTable.getByRole('row', { name: /^Liver/ })).toHaveCount(3);
    await expect(page.getByRole('img', { name: /^Plot of/ })).toBeVisible();

    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Bundle' }).click();
    const files = unzipSync(await readFile(await (await download).path()));
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining(['README.txt', 'configuration.json', 'figures.json', 'SHA256SUMS']),
    );
    expect(strFromU8(files['configuration.json']!)).toContain('"source": "data set"');

    // The run itself says what the paper has.
    await page.getByRole('radio', { name: 'Run', exact: true }).check();
    await expect(page.getByText(/^DINO-AD paper, .*on BMAD brain: px AUROC/)).toBeVisible();
  },
);

test('a sweep of my own makes a run of every combination', async ({ nidus, window, client }) => {
  test.setTimeout(120_000);
  const folder = join(nidus.folder, 'set');
  await writePhantomSet(folder, { normals: 3, abnormals: 2, size: 96 });
  await importFolder(client, 'Phantoms', folder);
  const { page, evaluate } = window;
  await window.studies.open('Phantoms');
  await window.showTab('Evaluate');
  await evaluate.showProtocols();
  await page.getByRole('button', { name: 'Start one' }).click();
  const dialog = page.getByRole('dialog', { name: 'Protocol or sweep' });
  await dialog.getByRole('combobox', { name: 'Start' }).selectOption('Sweep of my own');
  await dialog.getByRole('textbox', { name: 'Values to combine' }).fill('k=1,99');
  await dialog.getByRole('button', { name: 'Start the sweep' }).click();
  await expect(dialog.getByRole('alert')).toContainText('k = 99');
  await dialog.getByRole('textbox', { name: 'Values to combine' }).fill('k=1,2; size=128,256');
  await dialog.getByRole('button', { name: 'Start the sweep' }).click();
  await expect(evaluate.sweepTable.getByRole('row')).toHaveCount(5);
  await expect(evaluate.sweepTable.getByRole('row', { name: /^k 2, size 256/ })).toHaveText(/\d\d\.\d\d/, {
    timeout: 60_000,
  });
});
