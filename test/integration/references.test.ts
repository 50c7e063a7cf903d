/** Frozen reference sets and the doctor of the normal images, on a real workspace with a real engine. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import type { DoctorSettings } from '#shared/references.ts';
import { defaultSettings } from '#shared/settings.ts';
import type { Services } from '#main/services.ts';
import type { StudyId } from '#shared/domain.ts';
import { phantom } from '../support/phantoms.ts';
import { importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

const size = 96;
const settings: DoctorSettings = {
  model: 'scatter16',
  size,
  fit: 'squash',
  layer: null,
  foreground: { rule: 'nonzero', closing: 3 },
};

const picture = (seed: number, lesion = false) =>
  sharp(phantom(seed, size, lesion).image, { raw: { width: size, height: size, channels: 1 } }).toColourspace(
    'b-w',
  );

/** Normals n00 .. n19, of which n05 is a copy of n04, n06 a brighter n04, and n07 shows a lesion; q1 is n01 again. */
async function spoiltStudy(): Promise<{ services: Services; study: StudyId }> {
  const folder = await temporaryFolder();
  const normals = join(folder, 'set', 'train', 'good');
  const queries = join(folder, 'set', 'test', 'good');
  const defects = join(folder, 'set', 'test', 'spot');
  for (const path of [normals, queries, defects]) await mkdir(path, { recursive: true });
  const name = (i: number) => `n${String(i).padStart(2, '0')}.png`;
  for (let i = 0; i < 20; i++) {
    const made = i === 5 ? picture(4) : i === 7 ? picture(7, true) : picture(i);
    if (i === 6)
      await picture(4)
        .linear(1.015, 0)
        .png()
        .toFile(join(normals, name(i)));
    else await made.png().toFile(join(normals, name(i)));
  }
  await picture(1).png().toFile(join(queries, 'q1.png'));
  await picture(300).png().toFile(join(queries, 'q2.png'));
  await picture(301, true).png().toFile(join(defects, 'd1.png'));
  await sharp({
    create: {
      width: size,
      height: size,
      channels: 3,
      background: '#808080',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  })
    .png()
    .toFile(join(defects, 'far.png'));
  const services = openServices(join(folder, 'workspace'));
  return { services, study: await importStudy(services, 'Spoilt', { paths: [join(folder, 'set')] }) };
}

describe('reference sets', () => {
  test('are named, compared, run on and kept', async () => {
    const { services, study } = await spoiltStudy();
    const { references, workspace } = services;
    const all = references.freeze(study, 'All');
    expect(all).toMatchObject({ version: 1, name: 'All', size: 20, runs: [] });
    expect(references.freeze(study, 'All').id).toBe(all.id);
    expect(() => references.freeze(study, 'Other')).toThrow('are frozen already, as version 1, All');

    const [first] = workspace.images.ofRole(study, 'normal');
    services.studies.setRole([first!.id], 'excluded');
    expect(() => references.freeze(study, 'All')).toThrow('"All" is already the name of version 1');
    const fewer = references.freeze(study, 'Fewer');
    expect(fewer).toMatchObject({ version: 2, size: 19 });
    expect(references.diff(all.id, fewer.id)).toEqual({
      added: [],
      removed: [{ id: first!.id, name: first!.name }],
      common: 19,
    });
    expect(references.diff(fewer.id, null)).toMatchObject({ added: [], removed: [], common: 19 });

    const run = services.runs.start(study, { ...defaultSettings, size }, all.id);
    expect(run.referenceSet).toEqual({ id: all.id, version: 1, name: 'All', size: 20 });
    services.jobs.wake();
    await services.jobs.ended(workspace.runs.jobOf(run.id)!);
    expect(workspace.runs.get(run.id)).toMatchObject({ state: 'finished', done: 4 });
    expect(() => references.remove(all.id)).toThrow(`Run ${run.id} was made with version 1`);
    references.remove(fewer.id);
    expect(references.list(study).map(({ version, runs }) => ({ version, runs }))).toEqual([
      { version: 1, runs: [run.id] },
    ]);
    expect(() => references.find(study, 'Fewer')).toThrow('There are version 1, All.');
  });
});

describe('the doctor', () => {
  test('finds copies, leaks, the normal with a lesion and the query that nothing is like', async () => {
    const { services, study } = await spoiltStudy();
    const { jobId } = services.doctor.start(study, settings);
    services.jobs.wake();
    expect(await services.jobs.ended(jobId)).toMatchObject({
      state: 'finished',
      done: 24,
      total: 24,
      failed: 0,
    });

    const report = services.doctor.report(study)!;
    const names = new Map(
      services.workspace.images.ofStudy(study).map(({ id, name }) => [id, name.split('/').at(-1)]),
    );
    const { findings, points } = report;
    expect(
      findings.duplicates.map(({ images, identical }) => ({
        images: images.map((id) => names.get(id)),
        identical,
      })),
    ).toEqual([{ images: ['n04.png', 'n05.png', 'n06.png'], identical: false }]);
    expect(
      findings.leaks.map(({ normal, query, kind }) => [names.get(normal), names.get(query), kind]),
    ).toEqual([['n01.png', 'q1.png', 'same pixels']]);
    expect(names.get(findings.abnormal.images[0]!.image)).toBe('n07.png');
    expect(findings.abnormal.images.length).toBeLessThanOrEqual(2);
    expect(findings.uncovered.images.map(({ image }) => names.get(image))).toContain('far.png');
    expect(findings.uncovered.images.map(({ image }) => names.get(image))).not.toContain('q2.png');
    const dropped = Object.fromEntries(
      findings.proposal.drop.map(({ image, why }) => [names.get(image), why]),
    );
    expect(dropped).toMatchObject({ 'n05.png': 'duplicate', 'n07.png': 'abnormal' });
    expect(dropped).not.toHaveProperty('n04.png', 'duplicate');

    expect(points.images).toHaveLength(24);
    expect(points.pca).toHaveLength(48);
    expect(points.umap).toHaveLength(48);
    expect(points.umap!.every(Number.isFinite)).toBe(true);
    // The hottest patch of the spoilt normal lies on its lesion.
    const spoilt = findings.abnormal.images[0]!.image;
    const map = services.doctor.map(jobId, spoilt)!;
    const hottest = map.data.indexOf(Math.max(...map.data));
    const { mask } = phantom(7, size, true);
    const [y, x] = [Math.floor(hottest / map.columns) * 16 + 8, (hottest % map.columns) * 16 + 8];
    const near = [-12, 0, 12].flatMap((dy) => [-12, 0, 12].map((dx) => mask[(y + dy) * size + x + dx]));
    expect(near).toContain(255);

    // Again: the same findings, and the older examination is gone.
    const again = services.doctor.start(study, settings);
    services.jobs.wake();
    await services.jobs.ended(again.jobId);
    const second = services.doctor.report(study)!;
    expect(second).toMatchObject({ jobId: again.jobId, findings, points });
    expect(services.jobs.list().filter(({ kind }) => kind === 'doctor')).toHaveLength(1);
  });

  test('refuses a study without normals in one sentence', async () => {
    const services = openServices(await temporaryFolder());
    const study = services.studies.create('Empty');
    expect(() => services.doctor.start(study.id, settings)).toThrow(
      'This study has no normal images to examine.',
    );
  });
});
