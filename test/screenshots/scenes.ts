/** Every view and the states worth looking at, each by the steps that lead to it. */
import { setTimeout as wait } from 'node:timers/promises';
import { expect } from '@playwright/test';
import type { StudyId } from '#shared/domain.ts';
import { views } from '#shared/routes.ts';
import type { NidusWindow } from '../e2e/pages/window.ts';
import { startRun } from '../support/studies.ts';
import { evaluateScenes } from './evaluate-scenes.ts';
import { methodScenes } from './method-scenes.ts';
import type { Scene, Visit } from './scene.ts';
import type { Stage } from './stage.ts';

/** Of a workspace in which nothing has been done. */
export const emptyScenes: readonly Scene<null>[] = [
  { name: 'studies-empty', show: ({ go }) => go(views.studies()) },
  { name: 'jobs-empty', show: ({ go }) => go(views.jobs()) },
  {
    name: 'import-choose',
    async show({ go, window }) {
      await go(views.studies());
      await window.page.keyboard.press('ControlOrMeta+i');
      await expect(window.imports.dialog).toBeVisible();
    },
  },
];

async function inspect(visit: Visit, study: StudyId): Promise<void> {
  await visit.go(views.study(study, 'inspect'));
  await visit.window.inspect.hasMapOf(2);
  await expect(visit.window.inspect.figure('AUROC')).toHaveText(/\d|–/);
}

async function lookAt({ go, window }: Visit, folder: string): Promise<void> {
  await go(views.studies());
  await window.page.keyboard.press('ControlOrMeta+i');
  await window.imports.lookAt(folder);
  await expect(window.imports.dialog.getByRole('button', { name: /^Import \d/ })).toBeVisible();
}

async function triage({ go, window, stage }: Visit & { readonly stage: Stage }): Promise<void> {
  await go(views.study(stage.brain, 'triage'));
  await expect(window.triage.progress).toContainText('of');
  await expect(window.triage.canvas).toBeVisible();
}

async function takeBack(window: NidusWindow, verdicts: number): Promise<void> {
  for (let left = verdicts - 1; left >= 0; left--) {
    await window.page.keyboard.press('u');
    await expect(window.triage.progress).toContainText(`${left} of`);
  }
}

export const scenes: readonly Scene<Stage>[] = [
  {
    name: 'studies',
    async show({ go, window }) {
      await go(views.studies());
      await expect(window.page.getByRole('article').first()).toBeVisible();
    },
  },
  { name: 'import-found', show: (visit) => lookAt(visit, visit.stage.mixedFolder) },
  { name: 'import-series', show: (visit) => lookAt(visit, visit.stage.seriesFolder) },
  {
    name: 'import-summary',
    async show(visit) {
      await lookAt(visit, visit.stage.mixedFolder);
      await visit.window.imports.start();
      await expect(visit.window.imports.finished).toBeVisible();
      await expect(visit.window.imports.dialog.getByText('not readable')).toBeVisible();
    },
    async after({ client }) {
      const study = (await client.studies.list()).find(({ name }) => name.startsWith('ward 3'));
      if (study !== undefined) await client.studies.remove({ id: study.id });
    },
  },
  {
    name: 'images',
    async show({ go, window, stage }) {
      await go(views.study(stage.brain, 'images'));
      await window.images.all.nth(5).click();
    },
  },
  {
    name: 'images-selected',
    async show({ go, window, stage }) {
      await go(views.study(stage.brain, 'images'));
      await window.images.selectRange(window.images.all.nth(1), window.images.all.nth(6));
    },
  },
  {
    name: 'references',
    async show({ go, window, stage }) {
      await go(views.study(stage.brain, 'references'));
      await window.references.images.nth(2).click();
      await window.references.sortBy(/^Similarity to/);
      await expect(window.references.grid.getByText(/^0\.\d{3}/).first()).toBeVisible({ timeout: 60_000 });
    },
  },
  {
    name: 'references-doctor',
    async show({ go, window, stage }) {
      await go(views.study(stage.spoilt, 'references'));
      const { references } = window;
      await expect(references.images.first()).toBeVisible();
      if (await references.finding('Examine 26 normals').isVisible()) {
        await references.examine();
        await expect(references.finding(/near-duplicate/)).toBeVisible({ timeout: 120_000 });
        await references.freeze('As found');
      }
      await references.sortBy('Leave-one-out score');
    },
  },
  {
    name: 'references-finding',
    async show({ go, window, stage }) {
      await go(views.study(stage.spoilt, 'references'));
      await window.references.finding(/drop \d/).click();
      await window.references.images.first().click();
    },
  },
  {
    name: 'watched-folders',
    async show({ go, window, stage }) {
      await go(views.study(stage.spoilt, 'images'));
      await window.page.getByRole('button', { name: 'Watch a folder' }).click();
      await expect(window.page.getByRole('dialog')).toBeVisible();
    },
  },
  { name: 'inspect', show: (visit) => inspect(visit, visit.stage.brain) },
  {
    name: 'inspect-details',
    async show(visit) {
      await inspect(visit, visit.stage.brain);
      const { page, inspect: view } = visit.window;
      const box = (await view.canvas('Query').boundingBox())!;
      const [x, y] = [box.x + box.width * 0.42, box.y + box.height * 0.45];
      for (const key of ['=', '=', '=', 'r']) await page.keyboard.press(key);
      await page.mouse.move(x, y);
      await page.mouse.down();
      await page.mouse.move(x - 40, y + 25, { steps: 4 });
      await page.mouse.up();
      await view.set(view.clusters, '6');
      await view.hasMapOf(6);
      await page.mouse.move(x, y);
    },
  },
  {
    name: 'inspect-alone',
    async show(visit) {
      await inspect(visit, visit.stage.brain);
      await visit.window.inspect.canvas('Anomaly map').dblclick();
      await visit.window.page.keyboard.press('Tab');
    },
  },
  {
    name: 'inspect-explained',
    async show(visit) {
      await inspect(visit, visit.stage.brain);
      const { page } = visit.window;
      await page.getByRole('button', { name: 'Cells: rows and columns' }).click();
      await page.getByRole('button', { name: '2 rows, 3 columns' }).click();
      await page.getByRole('combobox', { name: 'Cell 5 shows' }).selectOption('Support clusters');
      await visit.window.inspect.useScale('Calibrated');
      await visit.window.inspect.canvas('Query').focus();
      await page.keyboard.press('Shift+y');
      await expect(page.getByText(/Patch \d+, \d+: score/)).toBeVisible();
      await page.keyboard.press('Shift+b');
      await expect(page.getByRole('button', { name: /^K 8\b.* 0/ })).toBeVisible();
      await expect(page.getByText(/hotter than .* % of the pixels/)).toBeVisible({ timeout: 60_000 });
    },
  },
  {
    name: 'inspect-compared',
    async show(visit) {
      await inspect(visit, visit.stage.brain);
      const { inspect: view, page, annotation } = visit.window;
      await page.getByRole('button', { name: 'A | B' }).click();
      await page
        .getByRole('menuitem', { name: /^B is run/ })
        .first()
        .click();
      await expect(view.pane('Anomaly map').getByRole('slider', { name: 'Curtain' })).toBeVisible();
      const place = await annotation.placeOf(view.canvas('Query'), 240);
      await page.keyboard.press('d');
      await annotation.drag(place.toPage(70, 60), place.toPage(150, 130));
      await page.keyboard.press('c');
      await annotation.drag(place.toPage(120, 150), place.toPage(170, 190));
      await page.keyboard.press('Escape');
      await expect(view.pane('Query').getByRole('button', { name: /^Ellipse/ })).toBeVisible();
    },
    async after({ window }) {
      for (let step = 0; step < 2; step++) await window.page.keyboard.press('ControlOrMeta+z');
      await expect(window.inspect.pane('Query').getByRole('button', { name: /^Length/ })).toBeHidden();
    },
  },
  { name: 'inspect-fabric', show: (visit) => inspect(visit, visit.stage.fabric) },
  {
    name: 'inspect-by-hand',
    async show(visit) {
      await inspect(visit, visit.stage.fresh);
      await visit.window.page.getByRole('radio', { name: 'By hand' }).check();
    },
  },
  {
    name: 'annotate',
    async show(visit) {
      await inspect(visit, visit.stage.brain);
      const { annotation, inspect: view, page } = visit.window;
      await page.keyboard.press('b');
      await annotation.tool('Brush').waitFor();
      await page.keyboard.press('Shift+T');
      const place = await annotation.placeOf(view.canvas('Query'), 240);
      await page.keyboard.press('j');
      await page.mouse.click(...place.toPage(112, 90));
      await annotation.findings().getByRole('radio', { name: 'Confirmed' }).check();
      await annotation.isSaved();
    },
    after: async ({ window }) => {
      for (let step = 0; step < 3; step++) await window.page.keyboard.press('ControlOrMeta+z');
      await window.annotation.isSaved();
    },
  },
  {
    name: 'triage',
    async show(visit) {
      await triage(visit);
      const { page, triage: view } = visit.window;
      for (const [i, key] of ['2', '2', '1', '3'].entries()) {
        await page.keyboard.press(key);
        await expect(view.progress).toContainText(`${i + 1} of`);
      }
    },
    after: ({ window }) => takeBack(window, 4),
  },
  {
    name: 'triage-blind',
    async show(visit) {
      await triage(visit);
      const { triage: view } = visit.window;
      await view.blind.check();
      await expect(view.stage).toContainText('Blind');
    },
    after: async ({ window }) => window.triage.blind.uncheck(),
  },
  {
    name: 'triage-summary',
    async show(visit) {
      await triage(visit);
      const { page, triage: view } = visit.window;
      await view.blind.check();
      await expect(view.stage).toContainText('Blind');
      const images = await visit.client.images.list({ studyId: visit.stage.brain });
      const read = 8;
      for (let i = 0; i < read; i++) {
        const name = (await view.current.getAttribute('aria-label'))!.replace(/^Image \d+: /, '');
        const isAbnormal = images.some((image) => image.name.endsWith(name) && image.label === 'abnormal');
        // A careful reader who misses one and doubts another until the map is seen.
        await page.keyboard.press(i === 2 ? '1' : i === 5 ? '3' : isAbnormal ? '2' : '1');
        await expect(view.stage).toContainText('revealed');
        await page.keyboard.press(isAbnormal ? '2' : '1');
        await expect(view.stage).toContainText('Blind');
      }
      await page.getByRole('button', { name: 'Summary' }).click();
      await expect(view.summary).toContainText(`${read} images read blind`);
    },
    after: async ({ window }) => window.triage.blind.uncheck(),
  },
  {
    name: 'inspect-glioma',
    possible: ({ glioma }) => glioma !== null,
    async show(visit) {
      if (visit.stage.glioma !== null) await inspect(visit, visit.stage.glioma);
    },
  },
  ...evaluateScenes,
  ...methodScenes,
  {
    name: 'report',
    async show({ go, window, stage }) {
      await go(views.study(stage.brain, 'report'));
      await expect(window.report.preview).toBeVisible({ timeout: 60_000 });
      await expect.poll(() => window.report.darkest(0), { timeout: 30_000 }).toBeLessThan(64);
    },
  },
  {
    name: 'jobs',
    async show({ go, window }) {
      await go(views.jobs());
      await expect(window.jobs.group('Finished').first()).toBeVisible();
    },
  },
  {
    name: 'jobs-running',
    async show({ go, window, client, stage }) {
      await startRun(client, stage.fabric, { size: 896, foreground: { rule: 'all' } });
      await go(views.jobs());
      await expect(window.jobs.group('Running').first()).toBeVisible();
    },
    async after({ client, stage }) {
      const [newest] = (await client.runs.list({ studyId: stage.fabric })).sort((a, b) => b.id - a.id);
      const job = (await client.jobs.list()).find(({ runId }) => runId === newest?.id);
      if (newest === undefined || job === undefined) return;
      await client.jobs.cancel({ id: job.id });
      while ((await client.runs.get({ id: newest.id })).state === 'running') await wait(100);
      // A run that was cancelled is the latest one all the same.
      await client.runs.remove({ id: newest.id });
    },
  },
  {
    name: 'settings',
    async show({ go, window }) {
      await go(views.settings());
      await expect(window.page.getByText('The hash chain is whole')).toBeVisible();
    },
  },
  {
    name: 'settings-keys',
    async show({ go, window, stage }) {
      // Only the commands of views that were opened are listed.
      await go(views.study(stage.brain, 'inspect'));
      await expect(window.inspect.queue).toBeVisible();
      await window.goTo('Settings');
      const heading = window.page.getByRole('heading', { name: 'Keys' });
      await heading.evaluate((element) => element.scrollIntoView({ block: 'start' }));
    },
  },
  {
    name: 'palette',
    async show({ go, window, stage }) {
      await go(views.study(stage.brain, 'images'));
      await window.palette.open();
      await expect(window.palette.dialog).toBeVisible();
    },
  },
  {
    name: 'keys',
    async show(visit) {
      await inspect(visit, visit.stage.brain);
      await visit.window.page.keyboard.press('?');
      await expect(visit.window.page.getByRole('dialog', { name: 'Keys' })).toBeVisible();
    },
  },
  {
    name: 'not-found',
    show: ({ go }) => go('/nowhere'),
  },
];
