/** A person fetches gated weights with a token of their own; a stand-in is the hub. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHub, type StandInHub } from '../support/hub.ts';
import { tinyDinov3, writeModelFolder } from '../support/tiny-models.ts';
import { expect, test } from './fixtures.ts';

const repository = 'facebook/dinov3-vits16-pretrain-lvd1689m';
const name = 'dinov3-vits16-pretrain-lvd1689m';
const token = 'hf_standsInForAToken';

let folder: string;
let hub: StandInHub;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nidus-hub-'));
  hub = await startHub(repository, writeModelFolder(join(folder, 'published'), tinyDinov3(1)), token);
  // Read when the application starts, which is after this.
  process.env['HF_ENDPOINT'] = hub.address;
});
test.afterAll(async () => {
  delete process.env['HF_ENDPOINT'];
  await hub.close();
  await rm(folder, { recursive: true });
});
test.beforeEach(() => {
  hub.misbehave = () => undefined;
});

test(
  'gated weights need the licence and a token, and become a model',
  { tag: '@browser' },
  async ({ window }) => {
    const { models } = window;
    await window.goTo('Models');
    await expect(models.startDownload).toBeDisabled();
    expect(hub.tokens.size, 'nothing is asked before the button is pressed').toBe(0);
    await models.acceptance('DINOv3 License').check();
    await models.startDownload.click();
    await expect(models.failure).toContainText(
      `${repository} needs your own Hugging Face token: accept its licence at`,
    );

    await models.giveToken('secret');
    await expect(models.download).toContainText('That is no Hugging Face token');
    await models.giveToken(token);
    await expect(models.download).toContainText('Your token is kept until Nidus ends');
    await expect(window.page.locator('body')).not.toContainText(token);
    await expect(models.download).toContainText('Accepted in this workspace on');
    await models.startDownload.click();
    await expect(models.row(name)).toContainText('DINOv3 License, accepted');
    await expect(models.failure).toBeHidden();
    expect(hub.tokens).toEqual(new Set([undefined, `Bearer ${token}`]));
  },
);

test(
  'a download that is cancelled keeps what arrived, goes on with it, or makes room',
  { tag: '@browser' },
  async ({ window }) => {
    hub.misbehave = (path) => (path === 'model.safetensors' ? { breakAfter: 4_000 } : undefined);
    const { models } = window;
    await window.goTo('Models');
    await models.acceptance('DINOv3 License').check();
    await models.giveToken(token);
    const begins = async () => {
      const before = hub.sent.get('model.safetensors') ?? 0;
      await models.startDownload.click();
      await expect.poll(() => hub.sent.get('model.safetensors') ?? 0).toBeGreaterThan(before);
    };
    const cancel = models.cancel(`Download of ${repository}`);

    await begins();
    await cancel.click();
    await expect(models.kept(repository)).toContainText('kept until');
    await models.kept(repository).getByRole('button', { name: 'Remove what arrived' }).click();
    await expect(models.kept(repository)).toBeHidden();

    await begins();
    await cancel.click();
    await expect(models.kept(repository)).toContainText('kept until');
    hub.misbehave = () => undefined;
    await models
      .kept(repository)
      .getByRole('button', { name: `Go on with ${repository}` })
      .click();
    await expect(models.row(name)).toContainText('DINOv3 License, accepted');
    await expect(models.kept(repository)).toBeHidden();
  },
);
