/** Every method with its parameters in Inspect, and its page. */
import { expect } from '@playwright/test';
import { type Method, methods } from '#shared/methods/index.ts';
import { views } from '#shared/routes.ts';
import type { Scene, Visit } from './scene.ts';
import { layeredModel, type Stage } from './stage.ts';

const shown: readonly Method[] = [
  'dino-ad',
  'anomaly-dino',
  'anomaly-dino-batched',
  'patchcore',
  'padim',
  'dino-dpmm',
];

async function choose({ go, window, stage }: Visit & { readonly stage: Stage }, method: Method) {
  await go(views.study(stage.brain, 'inspect'));
  await window.inspect.chooseMethod(methods[method].title);
  await expect(window.inspect.colourBar).toBeVisible({ timeout: 60_000 });
}

const scenesOf = (method: Method): readonly Scene<Stage>[] => [
  { name: `method-${method}`, show: (visit) => choose(visit, method) },
  {
    name: `method-${method}-page`,
    async show(visit) {
      await choose(visit, method);
      const { page } = visit.window;
      await page.getByRole('button', { name: `About ${methods[method].title}`, exact: true }).click();
      await expect(page.getByRole('dialog', { name: methods[method].title, exact: true })).toBeVisible();
    },
  },
];

export const methodScenes: readonly Scene<Stage>[] = [
  ...shown.flatMap(scenesOf),
  {
    name: 'method-layers',
    async show(visit) {
      await choose(visit, 'patchcore');
      const { panel } = visit.window.inspect;
      await panel.getByRole('combobox', { name: 'Extractor' }).selectOption(layeredModel);
      await panel.getByRole('button', { name: 'Layer 2' }).click();
      await panel.getByRole('button', { name: 'Layer 3' }).click();
      await expect(visit.window.page.getByText(`${layeredModel} · PatchCore`)).toBeVisible();
      await expect(visit.window.inspect.colourBar).toBeVisible({ timeout: 60_000 });
    },
  },
];
