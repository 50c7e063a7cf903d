/** What may die does, and the person goes on working. */
import { join } from 'node:path';
import { writePhantomSet } from '../support/phantoms.ts';
import { importFolder, startRun } from '../support/studies.ts';
import { expect, test } from './fixtures.ts';

test(
  'a killed engine costs nothing but the time to start another',
  { tag: '@browser' },
  async ({ nidus, application, window, client }) => {
    const { inspect } = window;
    const folder = join(nidus.folder, 'set');
    await writePhantomSet(folder, { normals: 2, abnormals: 2, size: 128 });
    await importFolder(client, 'Phantoms', folder);
    await window.studies.open('Phantoms');
    await inspect.hasMapOf(2);

    application.killEngine();
    await expect.poll(async () => (await client.system.info()).engine.restarts).toBe(1);
    await window.page.keyboard.press('.');
    await inspect.hasMapOf(3);

    // In the middle of the work: the call that was with the engine is asked again of the next one.
    await inspect.set(inspect.clusters, '9');
    application.killEngine();
    await inspect.hasMapOf(9);
    await expect(window.statusBar).toContainText('scatter16');
  },
);

test(
  'a run goes on after the application was closed in the middle of it',
  { tag: '@browser' },
  async ({ nidus, application, window, client }) => {
    const { page, evaluate, jobs } = window;
    const folder = join(nidus.folder, 'set');
    await writePhantomSet(folder, { normals: 3, abnormals: 60, size: 96 });
    const studyId = await importFolder(client, 'Phantoms', folder);
    await window.studies.open('Phantoms');
    const run = await startRun(client, studyId, { size: 224 });
    const done = async () => (await client.runs.get({ id: run.id })).done;
    await expect.poll(done, { intervals: [50], timeout: 30_000 }).toBeGreaterThan(3);

    await application.stop();
    await expect(window.statusBar).toContainText('Nidus does not answer, trying again');

    await application.start();
    await page.goto(application.newUrl());
    const scored = await done();
    expect(scored).toBeGreaterThan(3);
    expect(scored).toBeLessThan(60);
    await window.goTo('Jobs');
    await expect(jobs.group('Finished')).toHaveCount(2, { timeout: 60_000 });
    await expect(jobs.group('Finished').filter({ hasText: `Run ${run.id}` })).toContainText(
      '60 of 60 images',
    );

    await window.goTo('Studies');
    await window.studies.open('Phantoms');
    await window.showTab('Evaluate');
    await expect(evaluate.figure('Pixels', 'AUROC')).toHaveText(/^0\.\d{4}/);
  },
);
