/** The main job through the window: pictures in, normals chosen, maps read, a run, figures. */
import { join } from 'node:path';
import type { Study } from '#shared/domain.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { expect, test } from './fixtures.ts';

test('a dropped BMAD folder becomes maps, a run and figures', async ({ nidus, window, client }) => {
  const { studies, imports, inspect, evaluate } = window;
  const folder = join(nidus.folder, 'phantoms');
  await writePhantomSet(folder, { normals: 4, abnormals: 4, size: 192 });

  await test.step('import by drag and drop', async () => {
    await expect(studies.importButton).toBeVisible();
    await imports.drop([folder]);
    await expect(imports.dialog.getByText('8 images in the layout BMAD')).toBeVisible();
    await expect(imports.studyName).toHaveValue('phantoms');
    await imports.start();
    await expect(imports.finished).toBeVisible();
    await expect(imports.dialog.getByText('8 images imported.')).toBeVisible();
    await imports.inspect();
  });

  await test.step('K and the threshold change map and figures', async () => {
    await inspect.hasMapOf(2);
    const [map, dice] = [await inspect.stamp('Anomaly map'), await inspect.figure('Dice').innerText()];
    expect(dice).toMatch(/^0\.\d{3}$/);

    await inspect.set(inspect.clusters, '5');
    await inspect.hasMapOf(5);
    await expect.poll(() => inspect.stamp('Anomaly map')).not.toBe(map);

    const before = await inspect.stamp('Anomaly map');
    await inspect.set(inspect.threshold, '0.25');
    await expect.poll(() => inspect.stamp('Anomaly map')).not.toBe(before);
    await expect(inspect.figure('Dice')).not.toHaveText(dice);
    await inspect.set(inspect.clusters, '2');
    await inspect.hasMapOf(2);
  });

  await test.step('the run is shown with the figures the application computed', async () => {
    await expect(inspect.runButton).toHaveText(/Run on 4 images/);
    await inspect.runButton.click();
    await expect(window.message(/^Run 1, .* finished$/)).toBeVisible({ timeout: 60_000 });
    await window.showTab('Evaluate');

    const [study] = await client.studies.list();
    const [run] = await client.runs.list({ studyId: (study as Study).id });
    expect(run?.settings).toMatchObject({ method: 'dino-ad', k: 2 });
    for (const [name, scale] of [
      ['Paper min-max', 'minmax'],
      ['Raw', 'raw'],
    ] as const) {
      await evaluate.useScale(name);
      const { pixel, image } = await client.evaluations.get({ runId: run!.id, scale, scope: 'abnormal' });
      await expect(evaluate.figure('Pixels', 'AUROC')).toContainText(pixel.auroc!.toFixed(4));
      await expect(evaluate.figure('Pixels', 'AP')).toContainText(pixel.ap!.toFixed(4));
      await expect(evaluate.figure('Pixels', 'F1-max')).toContainText(pixel.f1max!.toFixed(4));
      await expect(evaluate.figure('Pixels', 'AUPRO 0.3')).toContainText(pixel.aupro!.toFixed(4));
      await expect(evaluate.figure('Images', 'AUROC')).toContainText(image.auroc?.toFixed(4) ?? '–');
    }
    await expect(evaluate.histograms).toHaveCount(1);
  });
});
