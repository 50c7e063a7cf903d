/** The Models view with models of every kind in it, and the ways to bring more. */
import { truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { views } from '#shared/routes.ts';
import type { NidusWindow } from '../e2e/pages/window.ts';
import {
  bringEncoders,
  imageEncoder,
  imageWeights,
  temporaryModels,
  textEncoder,
} from '../support/encoders.ts';
import { jobFinished } from '../support/page-client.ts';
import type { Scene } from './scene.ts';

/** Puts the end of the page into sight. */
async function scrollTo(window: NidusWindow, text: RegExp): Promise<void> {
  const place = window.page.getByRole('heading', { name: text });
  await place.evaluate((element) => element.scrollIntoView({ block: 'start' }));
}

export const modelScenes: readonly Scene<null>[] = [
  {
    name: 'models-licence',
    async show({ go, window }) {
      await go(views.models());
      await window.models.look(await imageWeights());
      await expect(window.models.found).toBeVisible();
      await scrollTo(window, /^Bring DINOv3/);
    },
  },
  {
    name: 'models-refused',
    async show({ go, window }) {
      await go(views.models());
      await window.models.look(await temporaryModels());
      await expect(window.models.failure).toContainText('config.json');
      await scrollTo(window, /^Bring DINOv3/);
    },
  },
  {
    name: 'models-download',
    async show({ go, window }) {
      await go(views.models());
      await expect(window.models.download).toContainText('DINOv3 License');
      await scrollTo(window, /^Download from/);
    },
  },
  {
    name: 'models-failed',
    async show({ go, window, client }) {
      const broken = await imageWeights();
      await truncate(join(broken, 'model.safetensors'), 9000);
      await go(views.models());
      const { jobId } = await client.models.import({ path: broken, name: 'broken', acceptLicence: true });
      await expect(jobFinished(client, jobId)).rejects.toThrow('model.safetensors');
      await expect(window.models.failure).toBeVisible({ timeout: 20_000 });
      await window.models.failure.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    },
  },
  {
    name: 'models',
    async show({ go, window, client }) {
      await bringEncoders(client);
      await go(views.models());
      await expect(window.models.row(imageEncoder)).toContainText('ms a small image');
      await window.models.row(imageEncoder).evaluate((element) => element.scrollIntoView({ block: 'start' }));
    },
  },
  {
    name: 'models-adapters',
    async show({ go, window, client }) {
      await bringEncoders(client);
      await go(views.models());
      await expect(window.page.getByText(textEncoder).first()).toBeVisible();
      await scrollTo(window, /^Text encoders and adapters/);
    },
  },
  {
    name: 'train-adapter',
    async show({ go, window, client }) {
      await bringEncoders(client);
      await go(views.models());
      await window.page.getByRole('button', { name: 'Train an adapter' }).click();
      await expect(window.page.getByRole('dialog', { name: 'Train an adapter' })).toBeVisible();
    },
    async after({ window, client }) {
      await window.page.keyboard.press('Escape');
      for (const name of [imageEncoder, textEncoder]) await client.models.remove({ name });
    },
  },
];
