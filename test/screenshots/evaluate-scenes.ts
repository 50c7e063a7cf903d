/** Figures of runs in every state: decided, compared, swept, and held against a paper. */
import { expect } from '@playwright/test';
import type { StudyId } from '#shared/domain.ts';
import { views } from '#shared/routes.ts';
import type { SweepId } from '#shared/sweep.ts';
import { defaultSettings } from '#shared/settings.ts';
import type { PageClient } from '../support/page-client.ts';
import { sweepFinished } from '../support/studies.ts';
import type { Scene, Visit } from './scene.ts';
import type { Stage } from './stage.ts';

async function evaluate({ go, window }: Visit, study: StudyId): Promise<void> {
  await go(views.study(study, 'evaluate'));
  await expect(window.evaluate.histograms).toHaveCount(1);
}

/** Sweeps are made once and stay for the looks that follow. */
async function once(
  client: PageClient,
  study: StudyId,
  name: string,
  start: () => Promise<{ id: SweepId }>,
): Promise<void> {
  const known = (await client.sweeps.list({ studyId: study })).find((sweep) => sweep.name === name);
  await sweepFinished(client, known?.id ?? (await start()).id);
}

export const evaluateScenes: readonly Scene<Stage>[] = [
  { name: 'evaluate', show: (visit) => evaluate(visit, visit.stage.brain) },
  {
    name: 'evaluate-raw',
    async show(visit) {
      await evaluate(visit, visit.stage.fabric);
      await visit.window.evaluate.useScale('Raw');
    },
  },
  {
    name: 'evaluate-no-run',
    async show({ go, window, stage }) {
      await go(views.study(stage.fresh, 'evaluate'));
      await expect(window.page.getByText('No run yet')).toBeVisible();
    },
  },
  {
    name: 'evaluate-decision',
    async show(visit) {
      await evaluate(visit, visit.stage.fabric);
      const { evaluate: view } = visit.window;
      await view.decision.getByRole('switch', { name: 'Grey zone' }).check();
      if ((await view.savedThreshold.locator('option').count()) === 1) await view.saveThreshold('Screening');
      await expect(view.savedThreshold).toContainText('Screening');
    },
  },
  {
    name: 'evaluate-froc',
    async show(visit) {
      await evaluate(visit, visit.stage.fabric);
      await visit.window.page.getByRole('radio', { name: 'FROC' }).check();
    },
  },
  {
    name: 'evaluate-compare',
    async show(visit) {
      await evaluate(visit, visit.stage.brain);
      const { evaluate: view } = visit.window;
      await view.compareWith(/^Run /);
      await expect(view.comparison).toBeVisible({ timeout: 60_000 });
    },
  },
  {
    name: 'evaluate-sweep',
    async show({ go, window, client, stage }) {
      await once(client, stage.brain, 'Clusters and support', () =>
        client.sweeps.start({
          studyId: stage.brain,
          name: 'Clusters and support',
          base: { ...defaultSettings, size: 224 },
          axes: [
            { name: 'k', values: [1, 2, 4] },
            { name: 'support', values: ['matched', 'random'] },
          ],
          scale: 'raw',
          scope: 'abnormal',
        }),
      );
      await go(views.study(stage.brain, 'evaluate'));
      await window.evaluate.showProtocols();
      await window.evaluate.chooseSweep(/^Clusters and support/);
      await expect(window.evaluate.sweepTable).toContainText('k 4, support random');
    },
  },
  {
    name: 'evaluate-protocol',
    async show({ go, window, client, stage }) {
      await once(client, stage.brain, 'DINO-AD paper', () =>
        client.sweeps.startProtocol({
          parts: [
            { studyId: stage.brain, dataSet: 'BMAD brain' },
            { studyId: stage.fabric, dataSet: 'BMAD brain' },
          ],
          protocol: 'dino-ad-paper',
          model: 'scatter16',
          rows: null,
        }),
      );
      await go(views.study(stage.brain, 'evaluate'));
      await window.evaluate.showProtocols();
      await window.evaluate.chooseSweep(/^DINO-AD paper/);
      await expect(window.evaluate.sweepTable).toContainText('paper 98.22');
      await window.page.getByRole('switch', { name: 'Each study' }).check();
    },
  },
  {
    name: 'evaluate-protocol-start',
    async show({ go, window, stage }) {
      await go(views.study(stage.brain, 'evaluate'));
      await window.evaluate.showProtocols();
      await window.page.getByRole('button', { name: /^(New|Start one)$/ }).click();
      await expect(window.page.getByRole('dialog', { name: 'Protocol or sweep' })).toBeVisible();
    },
    async after({ window }) {
      await window.page.keyboard.press('Escape');
    },
  },
];
