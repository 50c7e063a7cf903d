/** Images whose pixels stay where they are: the same in everything, as long as the files do. */
import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { bytesOf as bytesIn } from '../support/dicom.ts';
import { defaultSettings } from '#shared/settings.ts';
import type { Services } from '#main/services.ts';
import type { StudyId } from '#shared/domain.ts';
import { writeNifti } from '../support/nifti.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

const bytesOf = (services: Services, study: StudyId) =>
  Promise.all(services.workspace.images.ofStudy(study).map(({ pixels }) => services.pixels.ofImage(pixels)));

const scoresOf = async (services: Services, study: StudyId) => {
  const run = services.runs.start(study, defaultSettings);
  services.jobs.wake();
  const job = await services.jobs.ended(services.workspace.runs.jobOf(run.id)!);
  return { job, results: services.workspace.results.ofRun(run.id).map(({ outcome }) => outcome) };
};

test('linked pictures are scored like copied ones, take no room, and are missed when they go', async () => {
  const folder = await temporaryFolder();
  const set = join(folder, 'set');
  await writePhantomSet(set, { normals: 3, abnormals: 2, size: 64 });
  const copying = openServices(join(folder, 'copying'));
  const copied = await importStudy(copying, 'Set', { paths: [set] });
  const linking = openServices(join(folder, 'linking'));
  const linked = await importStudy(linking, 'Set', { paths: [set], link: true });

  expect(await bytesOf(linking, linked)).toEqual(await bytesOf(copying, copied));
  const { job, results } = await scoresOf(linking, linked);
  expect(job).toMatchObject({ state: 'finished', error: null });
  expect(results.map(({ state }) => state)).toEqual(['scored', 'scored']);
  // Images are numbered as they arrive, which is another order each time.
  const named = (services: Services, scored: typeof results) =>
    scored.map((one) => ({
      ...one,
      milliseconds: null,
      support:
        'support' in one &&
        one.support.map(({ imageId, ...rest }) => ({
          ...rest,
          name: services.workspace.images.get(imageId).name,
        })),
    }));
  expect(named(linking, results)).toEqual(named(copying, (await scoresOf(copying, copied)).results));

  const use = await linking.storage.measure();
  expect(use).toMatchObject({ linked: { files: 5 }, missing: 0, unused: { files: 0 } });
  const kept = (await readdir(linking.workspace.folders.blobs, { recursive: true })).filter((name) =>
    name.endsWith('.zst'),
  );
  expect(kept, 'blobs of the two masks alone').toHaveLength(2);

  const [gone, changed] = linking.workspace.images.ofRole(linked, 'query');
  const query = (name: string) => join(set, ...name.split('/'));
  await rename(query(gone!.name), join(folder, 'elsewhere.png'));
  await writeFile(
    query(changed!.name),
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
      .png()
      .toBuffer(),
  );
  // A new engine: the one before still knows the pixels.
  await linking.close();
  const after = openServices(join(folder, 'linking'));
  expect(await after.storage.measure()).toMatchObject({ linked: { files: 4 }, missing: 1 });
  await expect(after.pixels.ofImage(gone!.pixels)).rejects.toMatchObject({
    kind: 'unreadable',
    message: 'a0000.png: the linked file is not there any more; put it back, or import it again',
  });
  await expect(after.pixels.ofImage(changed!.pixels)).rejects.toThrow(
    'a0001.png: the linked file has changed since it was imported; import it again, or bring it back',
  );

  // Its new place is found by importing again.
  const moved = join(folder, 'moved');
  await mkdir(join(moved, 'test', 'Ungood', 'img'), { recursive: true });
  await cp(join(folder, 'elsewhere.png'), join(moved, gone!.name));
  const { jobId } = await after.imports.start(
    { paths: [moved], layout: 'bmad', role: 'query', link: true },
    { id: linked },
  );
  after.jobs.start();
  await after.jobs.ended(jobId);
  expect(after.imports.summary(jobId)).toMatchObject({ imported: 0, unchanged: 1, failed: [] });
  expect((await after.pixels.ofImage(gone!.pixels)).length).toBe(64 * 64);

  after.studies.remove(linked);
  await after.storage.cleanUp();
  expect(await readdir(after.workspace.folders.blobs, { recursive: true, withFileTypes: true })).toEqual(
    expect.not.arrayContaining([expect.objectContaining({ name: expect.stringContaining('.link') })]),
  );
  expect(existsSync(join(moved, gone!.name)), 'the file itself is not ours').toBe(true);
});

test('slices of a linked volume are read from it; copied later, they need it no more', async () => {
  const folder = await temporaryFolder();
  const volume = join(folder, 'volume.nii.gz');
  const data = bytesIn(Int16Array.from({ length: 12 * 10 * 3 }, (_, i) => i * 7 - 300));
  const nifti = writeNifti({ shape: [12, 10, 3], type: 4, bits: 16, data, slope: 2, intercept: 5 });
  await writeFile(volume, gzipSync(nifti));
  const services = openServices(join(folder, 'workspace'));
  const study = await importStudy(services, 'Volume', { paths: [volume], link: true });
  const before = await bytesOf(services, study);
  expect(before).toHaveLength(3);
  expect(await services.storage.measure()).toMatchObject({ linked: { files: 1 }, missing: 0 });

  await importStudy(services, 'Copy', { paths: [volume] });
  await rename(volume, join(folder, 'away'));
  expect(await bytesOf(services, study)).toEqual(before);
  expect(await services.storage.measure()).toMatchObject({ linked: { files: 0 }, missing: 0 });
});
