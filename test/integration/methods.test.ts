import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StudyId } from '#shared/domain.ts';
import { methodNames, methods, type RunSettings, type SettingsOf } from '#shared/methods/index.ts';
import type { Services } from '#main/services.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

const counts = { normals: 6, abnormals: 3, size: 96 };

async function phantomStudy(): Promise<{ folder: string; services: Services; study: StudyId }> {
  const folder = await temporaryFolder();
  await writePhantomSet(join(folder, 'set'), counts);
  const services = openServices(join(folder, 'workspace'));
  const study = await importStudy(services, 'Phantoms', { paths: [join(folder, 'set')], layout: 'bmad' });
  return { folder, services, study };
}

/** The defaults of every method, small enough for a test. */
const settingsOf = (method: RunSettings['method']): RunSettings => {
  const settings = { ...methods[method].defaults, size: 96 } as RunSettings;
  return settings.method === 'dino-dpmm' ? { ...settings, components: 8, epochs: 3, batch: 2 } : settings;
};

const finish = async (services: Services, study: StudyId, settings: RunSettings) => {
  const { id } = services.runs.start(study, settings);
  services.jobs.wake();
  const job = await services.jobs.ended(services.workspace.runs.jobOf(id)!);
  return { run: services.workspace.runs.get(id), job };
};

describe('every method', () => {
  test(
    'runs, finds the lesions, and shows in Inspect what its run stored',
    { timeout: 120_000 },
    async () => {
      const { services, study } = await phantomStudy();
      // AD-DINOv3 needs an adapter and has tests of its own.
      for (const method of methodNames.filter((name) => name !== 'ad-dinov3')) {
        const settings = settingsOf(method);
        const { run, job } = await finish(services, study, settings);
        expect({ method, state: job.state, done: run.done, failed: run.failed }).toEqual({
          method,
          state: 'finished',
          done: counts.abnormals,
          failed: 0,
        });
        expect(run.referenceSet?.size ?? 0).toBe(method === 'anomaly-dino-batched' ? 0 : counts.normals);
        const evaluation = await services.evaluations.get(run.id, 'raw', 'abnormal');
        // A square lesion among three images is in all of them, so nothing is normal to the batched method.
        const expected = method === 'anomaly-dino-batched' ? 0 : 0.8;
        expect(evaluation.pixel.auroc, method).toBeGreaterThan(expected);
        const [query] = services.workspace.images.ofRole(study, 'query');
        const preview = await services.previews.preview(query!.id, settings);
        const stored = services.workspace.results.score(run.id, query!.id)!;
        expect(preview.scores.data, method).toEqual([...stored.scores.data]);
        expect(preview.imageScore, method).toBe(stored.imageScore);
      }
    },
  );

  test(
    'what a method learned is on disk and serves other settings of its scores',
    { timeout: 60_000 },
    async () => {
      const { folder, services, study } = await phantomStudy();
      const settings = settingsOf('patchcore') as SettingsOf<'patchcore'>;
      await finish(services, study, settings);
      const states = join(folder, 'workspace', 'states');
      const [first, ...none] = await readdir(states);
      expect(none).toEqual([]);
      const written = (await stat(join(states, first!, 'state.json'))).mtimeMs;
      await finish(services, study, { ...settings, neighbours: 1, sigma: 0 });
      expect(await readdir(states)).toEqual([first]);
      expect((await stat(join(states, first!, 'state.json'))).mtimeMs).toBe(written);
      await finish(services, study, { ...settings, coreset: 0.2 });
      expect(await readdir(states)).toHaveLength(2);
      // DINO-AD keeps the index of its support images, whatever is clustered and scored with it.
      const dinoAd = settingsOf('dino-ad') as SettingsOf<'dino-ad'>;
      await finish(services, study, dinoAd);
      await finish(services, study, { ...dinoAd, k: 4, seed: 3 });
      expect(await readdir(states)).toHaveLength(3);
    },
  );

  test('a fit that is cancelled leaves nothing behind', { timeout: 60_000 }, async () => {
    const { folder, services, study } = await phantomStudy();
    const settings = { ...settingsOf('dino-dpmm'), components: 30, epochs: 500 } as RunSettings;
    const run = services.runs.start(study, settings);
    const job = services.workspace.runs.jobOf(run.id)!;
    const fitting = new Promise<void>((resolve) => {
      const stop = new AbortController();
      void (async () => {
        for await (const event of services.events.stream(stop.signal)) {
          if (event.type === 'job' && event.job.activity?.startsWith('Fitting DINO-DPMM')) break;
        }
        resolve();
      })();
    });
    services.jobs.wake();
    await fitting;
    services.jobs.cancel(job);
    expect((await services.jobs.ended(job)).state).toBe('cancelled');
    expect(await readdir(join(folder, 'workspace', 'states'))).toEqual([]);
  });

  test('shots take a block of the sorted names, and a block that is not there is refused', async () => {
    const { services, study } = await phantomStudy();
    const settings = { ...settingsOf('anomaly-dino'), shots: 2, seed: 1 } as RunSettings;
    const { run } = await finish(services, study, settings);
    const { images } = services.workspace;
    const names = services.workspace.referenceSets
      .get(run.referenceSet!.id)
      .images.map((id) => images.get(id).name);
    const sorted = images
      .ofRole(study, 'normal')
      .map(({ name }) => name)
      .sort();
    expect(names).toEqual(sorted.slice(2, 4));
    expect(() => services.runs.start(study, { ...settings, seed: 3 } as RunSettings)).toThrow(
      /AnomalyDINO with seed 3 takes the normal images 7 to 8, but the study has 6/,
    );
  });
});
