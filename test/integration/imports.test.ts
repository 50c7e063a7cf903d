import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { defaultSettings } from '#shared/settings.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

const glioma = join(import.meta.dirname, '..', '..', '..', 'shared', 'data', 'brain', 'glioma_flair');

test('broken files give one clear sentence each, and the import goes on', async () => {
  const folder = await temporaryFolder();
  const set = join(folder, 'set');
  await writePhantomSet(set, { normals: 2, abnormals: 2, size: 64 });
  const good = join(set, 'train', 'good');
  await writeFile(join(good, 'text.png'), 'this is no picture');
  await writeFile(join(good, 'empty.png'), '');
  const whole = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#888' } })
    .png()
    .toBuffer();
  await writeFile(join(good, 'cut.png'), whole.subarray(0, whole.length - 30));

  const services = openServices(join(folder, 'workspace'));
  const { jobId, studyId } = await services.imports.start(
    { paths: [set], layout: 'bmad', role: 'query' },
    { name: 'Mixed' },
  );
  services.jobs.start();
  expect(await services.jobs.ended(jobId)).toMatchObject({ state: 'finished', done: 7, total: 7, failed: 3 });

  const { imported, failed } = services.imports.summary(jobId);
  expect(imported).toBe(4);
  for (const name of ['text.png', 'empty.png', 'cut.png']) {
    const entry = failed.find((candidate) => candidate.name.endsWith(name));
    expect(entry?.reason).toMatch(new RegExp(`${name}: .+`));
    expect(entry?.reason).not.toContain('\n');
  }
  expect(services.workspace.studies.get(studyId).counts).toEqual({
    normal: 2,
    query: 2,
    excluded: 0,
    masks: 2,
  });
});

test('importing again adds only what is new, and a different image of the same name is refused', async () => {
  const folder = await temporaryFolder();
  const set = join(folder, 'set');
  await writePhantomSet(set, { normals: 3, abnormals: 1, size: 64 });
  const services = openServices(join(folder, 'workspace'));
  const studyId = await importStudy(services, 'Again', { paths: [set] });

  await cp(join(set, 'train', 'good', 'n0000.png'), join(set, 'train', 'good', 'n0001.png'));
  await cp(join(set, 'train', 'good', 'n0002.png'), join(set, 'train', 'good', 'renamed.png'));
  await writePhantomSet(join(folder, 'other'), { normals: 5, abnormals: 0, size: 64 });
  await cp(join(folder, 'other', 'train', 'good', 'n0004.png'), join(set, 'train', 'good', 'n0099.png'));
  const { jobId } = await services.imports.start(
    { paths: [set], layout: 'auto', role: 'query' },
    { id: studyId },
  );
  services.jobs.wake();
  await services.jobs.ended(jobId);
  const { imported, unchanged, failed } = services.imports.summary(jobId);
  expect({ imported, unchanged }).toEqual({ imported: 1, unchanged: 4 });
  expect(failed).toEqual([
    { name: 'train/good/n0001.png', reason: expect.stringContaining('different image of this name') },
  ]);
});

test('an abnormal image without a mask has unknown ground truth, and gets it when the mask comes later', async () => {
  const folder = await temporaryFolder();
  const set = join(folder, 'set');
  await writePhantomSet(set, { normals: 1, abnormals: 2, size: 64 });
  const masks = join(set, 'test', 'Ungood', 'label');
  const kept = join(folder, 'kept');
  await cp(masks, kept, { recursive: true });
  await rm(join(masks, 'a0001.png'));

  const services = openServices(join(folder, 'workspace'));
  const studyId = await importStudy(services, 'Late', { paths: [set] });
  const truths = () =>
    services.workspace.images.ofRole(studyId, 'query').map(({ groundTruth }) => groundTruth);
  expect(truths()).toEqual(['drawn', 'unknown']);

  await cp(kept, masks, { recursive: true });
  const { jobId } = await services.imports.start(
    { paths: [set], layout: 'auto', role: 'query' },
    { id: studyId },
  );
  services.jobs.wake();
  await services.jobs.ended(jobId);
  expect(truths()).toEqual(['drawn', 'drawn']);
});

test('a folder without images is refused and leaves no study behind', async () => {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'nothing'));
  const services = openServices(join(folder, 'workspace'));
  const started = services.imports.start(
    { paths: [join(folder, 'nothing')], layout: 'auto', role: 'query' },
    { name: 'Nothing' },
  );
  await expect(started).rejects.toThrow(/nothing/);
  expect(services.workspace.studies.list()).toEqual([]);
});

test.skipIf(!existsSync(glioma))(
  'real glioma slices: DINO-AD with scatter16 reaches its figures (skipped without ../shared)',
  async () => {
    const services = openServices(join(await temporaryFolder(), 'workspace'));
    const studyId = await importStudy(services, 'Glioma', { paths: [glioma], layout: 'bmad' });
    expect(services.workspace.studies.get(studyId).counts).toEqual({
      normal: 57,
      query: 50,
      excluded: 12,
      masks: 40,
    });
    const run = services.runs.start(studyId, defaultSettings);
    services.jobs.wake();
    await services.jobs.ended(services.workspace.runs.jobOf(run.id)!);
    const raw = await services.evaluations.get(run.id, 'raw', 'abnormal');
    const minmax = await services.evaluations.get(run.id, 'minmax', 'abnormal');
    expect(raw.images).toBe(35);
    expect(raw.pixel.auroc).toBeGreaterThan(0.945);
    expect(minmax.pixel.auroc).toBeGreaterThan(0.935);
  },
);

test('a plain folder with meanings: references, defects with masks, patients held out as a whole', async () => {
  const folder = await temporaryFolder();
  const set = join(folder, 'set');
  await writePhantomSet(set, { normals: 6, abnormals: 1, size: 64 });
  const parts = join(folder, 'parts');
  for (const [index, patient] of ['p1_1', 'p1_2', 'p2_1', 'p2_2', 'p3_1', 'p3_2'].entries())
    await cp(join(set, 'train', 'good', `n000${index}.png`), join(parts, 'ok', `${patient}.png`));
  await cp(join(set, 'test', 'Ungood', 'img', 'a0000.png'), join(parts, 'ng', 'p4_1.png'));
  await cp(join(set, 'test', 'Ungood', 'label', 'a0000.png'), join(parts, 'gt', 'p4_1.png'));
  const request = {
    paths: [parts],
    layout: 'auto',
    role: 'query',
    mapping: { ok: 'normal', ng: 'abnormal', gt: 'masks' },
    holdOut: 0.3,
  } as const;

  const services = openServices(join(folder, 'workspace'));
  const plan = await services.imports.inspect({ ...request, paths: [parts] });
  expect(plan).toMatchObject({
    layout: 'folder',
    images: 7,
    roles: { normal: 4, query: 3, excluded: 0 },
    masks: 1,
    patients: { rule: { kind: 'before', separator: '_' }, patients: 4, alone: 0, onBothSides: 0 },
    folders: [
      { folder: 'gt', images: 1, guess: 'masks' },
      { folder: 'ng', images: 1, guess: 'abnormal' },
      { folder: 'ok', images: 6, guess: 'normal' },
    ],
    warnings: [],
  });
  const studyId = await importStudy(services, 'Parts', { ...request, paths: [parts] });
  const images = services.workspace.images.ofStudy(studyId);
  const patientsOf = (role: string) =>
    images.filter((image) => image.role === role).map(({ patient }) => patient);
  const held = new Set(patientsOf('query'));
  expect(patientsOf('normal').some((patient) => held.has(patient))).toBe(false);
  expect(images.find(({ name }) => name === 'ng/p4_1.png')).toMatchObject({
    label: 'abnormal',
    defect: 'ng',
    groundTruth: 'drawn',
    patient: 'p4',
  });
});
