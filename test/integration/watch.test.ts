/** A watched folder: what arrives is imported and scored, once, also after a restart. */
import { copyFile, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { defaultSettings } from '#shared/settings.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

const size = 64;

test('new files are imported and scored as they arrive; failures are told per file; nothing is taken twice', async () => {
  const folder = await temporaryFolder();
  const source = join(folder, 'source');
  await writePhantomSet(source, { normals: 3, abnormals: 4, size });
  const picture = (i: number) => join(source, 'test', 'Ungood', 'img', `a000${i}.png`);
  const inbox = join(folder, 'inbox');
  await mkdir(inbox);
  await copyFile(picture(0), join(inbox, 'first.png'));

  let services = openServices(join(folder, 'workspace'));
  const study = await importStudy(services, 'Line 4', {
    paths: [join(source, 'train', 'good')],
    layout: 'folder',
    role: 'normal',
  });
  const id = await services.watches.register(study, inbox, 'query', { ...defaultSettings, size });
  await expect(services.watches.register(study, join(inbox, 'first.png'), 'query', null)).rejects.toThrow(
    'is not a folder',
  );
  services.watches.watch(id);
  const scored = (wanted: number) =>
    vi.waitFor(
      () => {
        const { runId } = services.watches.describe(id);
        expect(runId).not.toBeNull();
        expect(services.workspace.runs.get(runId!)).toMatchObject({ state: 'finished', done: wanted });
      },
      { timeout: 90_000, interval: 100 },
    );
  await scored(1);

  // Written in two halves: it must not be read before it is whole.
  const whole = await readFile(picture(1));
  const slow = await open(join(inbox, 'slow.png'), 'w');
  await slow.write(whole.subarray(0, 200));
  await new Promise((resolve) => setTimeout(resolve, 700));
  await slow.write(whole.subarray(200));
  await slow.close();
  await writeFile(join(inbox, 'broken.png'), 'no picture');
  await copyFile(picture(0), join(inbox, 'first again.png'));
  await scored(2);
  await vi.waitFor(
    () =>
      expect(services.watches.describe(id)).toMatchObject({
        imported: 2,
        unchanged: 1,
        problem: null,
        active: true,
      }),
    { timeout: 60_000 },
  );
  const { failed, runId } = services.watches.describe(id);
  expect(failed).toEqual([{ name: 'broken.png', reason: expect.stringContaining('broken.png') }]);
  await services.close();

  // While nobody looked another came; what was known is left alone.
  await copyFile(picture(2), join(inbox, 'later.png'));
  services = openServices(join(folder, 'workspace'));
  services.jobs.start();
  services.watches.start();
  await scored(3);
  expect(services.watches.describe(id)).toMatchObject({ imported: 3, unchanged: 1, runId });
  expect(services.workspace.images.ofRole(study, 'query').map(({ name }) => name)).toEqual([
    'first.png',
    'slow.png',
    'later.png',
  ]);

  await services.watches.pause(id);
  await copyFile(picture(3), join(inbox, 'unseen.png'));
  await rm(join(inbox, 'broken.png'));
  expect(services.watches.list(study)).toMatchObject([{ active: false, imported: 3 }]);
  await services.watches.once(id);
  expect(services.watches.describe(id)).toMatchObject({ imported: 4 });
  expect(services.workspace.runs.get(runId!)).toMatchObject({ state: 'finished', done: 4 });
}, 240_000);
