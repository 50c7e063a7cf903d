/** The protocol of AD-DINOv3 takes the adapter that was trained as the paper says. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AdapterDescription, defaultForwardOptions, levelLayers } from '#shared/adapter.ts';
import { promptLists } from '#shared/prompts.ts';
import { paperTraining } from '#shared/protocols/index.ts';
import { levelCount, shapeOf, writeAdapter } from '#engine/adapters/adapter-file.ts';
import { initialWeights } from '#engine/methods/ad-dinov3/index.ts';
import { installation, spawnEngine } from '#main/installation.ts';
import { createServices, type Services } from '#main/services.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { prepareEncoders } from '../support/tiny-encoders.ts';

function describe(services: Services, changed: Partial<AdapterDescription['settings']>): AdapterDescription {
  const model = services.catalogue.get('vit');
  const text = services.workspace.textModels.find('clip')!;
  const settings = { ...paperTraining, model: 'vit', text: 'clip', ...changed };
  return {
    version: 1,
    image: {
      name: 'vit',
      sha256: model.sha256,
      dimension: model.dimension,
      patch: model.patch,
      layers: levelLayers(model, settings.levels),
    },
    text: { name: 'clip', sha256: text.sha256, dimension: text.dimension },
    forward: defaultForwardOptions,
    settings,
    classes: [{ name: 'disc', list: promptLists.industrial, images: 1 }],
    images: [],
    losses: [],
  };
}

test('rows take the adapter trained as they say, and others are refused', { timeout: 120_000 }, async () => {
  const folder = await temporaryFolder();
  const services = await createServices({
    workspaceFolder: join(folder, 'workspace'),
    host: 'terminal',
    installation,
    spawnEngine,
  });
  const { target, auxiliary } = await prepareEncoders(folder, services);
  const add = async (name: string, changed: Partial<AdapterDescription['settings']>) => {
    const description = describe(services, changed);
    const path = join(folder, `${name}.nidus-adapter`);
    await writeAdapter(path, description, initialWeights(levelCount(description), shapeOf(description), 1));
    return (await services.adapters.import(path)).sha256;
  };
  const start = (row: string, study = target) =>
    services.sweeps.startProtocol([{ studyId: study, dataSet: 'MVTec AD' }], 'ad-dinov3-paper', 'vit', [row]);

  await add('hasty', { epochs: 1 });
  expect(() => start('last level only')).toThrow(/train ad-dinov3 --model vit --levels last"/);
  expect(() => start('without calibration')).toThrow(/--no-calibration"/);
  expect(() => start('four levels, calibrated')).toThrow(/was trained as the paper says/);

  const whole = await add('whole', {});
  const last = await add('last', { levels: 'last' });
  const sweep = start('four levels, calibrated');
  const ofLast = start('last level only');
  services.jobs.start();
  const settingsOf = async (id: typeof sweep) => {
    const [member] = services.workspace.sweeps.members(id);
    const job = services.workspace.runs.jobOf(member!.runId)!;
    expect(await services.jobs.ended(job)).toMatchObject({ state: 'finished' });
    return services.workspace.runs.get(member!.runId).settings;
  };
  expect(await settingsOf(sweep)).toMatchObject({
    adapter: whole,
    size: 512,
    layers: [1, 2, 3, 4],
    sigma: 0,
  });
  expect(await settingsOf(ofLast)).toMatchObject({ adapter: last, layers: [4] });
  expect((await services.sweeps.get(sweep)).runs[0]!.figures!.pixelF1max).toBeGreaterThan(0);
  expect(() => start('four levels, calibrated', auxiliary)).toThrow('was trained on "disc"');
  await services.close();
});
