import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { TrainingRequest } from '#shared/adapter.ts';
import { TrainingRequest as Request } from '#shared/adapter.ts';
import type { JobId, StudyId } from '#shared/domain.ts';
import { methods } from '#shared/methods/index.ts';
import { forkEngine, type SpawnEngine } from '#main/engine/spawn.ts';
import { installation, spawnEngine } from '#main/installation.ts';
import { createServices, type Services } from '#main/services.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { auxiliaryImages as images, prepareEncoders } from '../support/tiny-encoders.ts';

const size = 64;
const epochs = 20;
/** Two images a batch: the last of an epoch has one. */
const batches = epochs * 3;

function killableEngine() {
  const fork = forkEngine(join(installation, 'src-engine', 'main.ts'));
  let living: ReturnType<typeof fork> | undefined;
  return { spawn: () => (living = fork()), kill: () => living?.kill() };
}

async function opened(folder: string, engine: SpawnEngine = spawnEngine): Promise<Services> {
  return createServices({
    workspaceFolder: join(folder, 'workspace'),
    host: 'terminal',
    installation,
    spawnEngine: engine,
  });
}

const request = (study: StudyId, changed: Partial<TrainingRequest> = {}): TrainingRequest =>
  Request.parse({
    model: 'vit',
    text: 'clip',
    studies: [study],
    name: 'discs',
    size,
    epochs,
    batch: 2,
    bottleneck: 8,
    learningRate: 0.01,
    seed: 7,
    ...changed,
  });

async function finished(services: Services, job: JobId): Promise<string> {
  services.jobs.start();
  expect(await services.jobs.ended(job)).toMatchObject({ state: 'finished', error: null });
  const [adapter] = services.workspace.adapters.list();
  return adapter!.sha256;
}

test(
  'a training that is killed in the middle, and whose application is closed, ends with the same bytes',
  { timeout: 180_000 },
  async () => {
    const [calm, troubled] = [await temporaryFolder(), await temporaryFolder()];
    const first = await opened(calm);
    const { auxiliary, target } = await prepareEncoders(calm, first);
    const estimate = await first.trainings.estimate(request(auxiliary));
    expect(estimate).toMatchObject({ images, abnormal: images, batches, layers: [1, 2, 3, 4] });
    const expected = await finished(first, await first.trainings.start(request(auxiliary)));
    const { description } = first.workspace.adapters.get(expected);
    expect(description.losses).toHaveLength(batches);
    expect(description.losses.at(-1)!.total).toBeLessThan(description.losses[0]!.total);
    const file = join(calm, 'discs.nidus-adapter');
    await first.adapters.export(expected, file);

    await expect(
      first.trainings.start(request(auxiliary, { target: auxiliary, name: 'other' })),
    ).rejects.toThrow('trained on "disc"');
    const settings = {
      ...methods['ad-dinov3'].defaults,
      model: 'vit',
      text: 'clip',
      size,
      layers: [1, 2, 3, 4],
      adapter: expected,
      className: 'plate',
    };
    expect(() => first.runs.start(auxiliary, settings)).toThrow('was trained on');
    expect(() => first.runs.start(target, { ...settings, className: 'Disc' })).toThrow(
      'was trained on "Disc"',
    );
    const [seen] = first.workspace.images.ofRole(auxiliary, 'query');
    const refused = 'was trained on';
    await expect(first.previews.preview(seen!.id, { ...settings, className: 'ring' })).rejects.toThrow(
      refused,
    );
    await expect(first.calibrations.get(auxiliary, settings)).rejects.toThrow(refused);
    const run = first.runs.start(target, settings);
    first.jobs.wake();
    await first.jobs.ended(first.workspace.runs.jobOf(run.id)!);
    const outcomes = first.workspace.results.ofRun(run.id).map(({ outcome }) => outcome);
    expect(outcomes).toMatchObject([{ state: 'scored' }, { state: 'scored' }]);
    const [query] = first.workspace.images.ofRole(target, 'query');
    const last = await first.previews.preview(query!.id, { ...settings, levels: 'last' });
    const all = await first.previews.preview(query!.id, settings);
    expect(last.scores.data).not.toEqual(all.scores.data);
    expect(all.scores.data.every((value) => value > 0 && value < 1)).toBe(true);
    await first.close();

    const engine = killableEngine();
    let services = await opened(troubled, engine.spawn);
    const again = await prepareEncoders(troubled, services);
    const job = await services.trainings.start(request(again.auxiliary));
    services.jobs.wake();
    const done = (): number => services.workspace.trainings.losses(job).length;
    await expect.poll(done, { interval: 5, timeout: 60_000 }).toBeGreaterThan(2);
    engine.kill();
    await expect.poll(done, { interval: 5, timeout: 60_000 }).toBeGreaterThan(5);
    expect(done()).toBeLessThan(batches);
    await services.close();
    services = await opened(troubled);
    expect(await finished(services, job)).toBe(expected);
    const repeated = join(troubled, 'again.nidus-adapter');
    await services.adapters.export(expected, repeated);
    expect((await readFile(repeated)).equals(await readFile(file))).toBe(true);

    await services.adapters.remove(expected);
    expect((await services.adapters.import(file)).sha256).toBe(expected);
    const damaged = join(troubled, 'damaged.nidus-adapter');
    await writeFile(damaged, (await readFile(file)).fill(1, 2000, 2004));
    await expect(services.adapters.import(damaged)).rejects.toThrow('its hash is another');
    await services.close();
  },
);
