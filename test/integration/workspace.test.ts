import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import type { Acquisition } from '#shared/acquisition.ts';
import { foundation } from '#main/workspace/migrations/0001-foundation.ts';
import { openKinds } from '#main/workspace/migrations/0002-open-kinds.ts';
import { sweepParts } from '#main/workspace/migrations/0017-sweep-parts.ts';
import { migrations } from '#main/workspace/migrations/index.ts';
import { ImageId, type PixelsInfo, RunId, StudyId } from '#shared/domain.ts';
import { openWorkspace } from '#main/workspace/workspace.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('one application a workspace, and a closed one lets go', async () => {
  const folder = await temporaryFolder();
  const first = openWorkspace(folder);
  expect(() => openWorkspace(folder)).toThrow(/another Nidus has this workspace open/);
  first.close();
  openWorkspace(folder).close();
});

test('a workspace of a newer Nidus is refused and left alone', async () => {
  const folder = await temporaryFolder();
  openWorkspace(folder).close();
  const db = new Database(join(folder, 'nidus.sqlite'));
  db.pragma('user_version = 999');
  db.close();
  expect(() => openWorkspace(folder)).toThrow(/newer version of Nidus/);
});

test('a file that is no database is refused by name, not overwritten', async () => {
  const folder = await temporaryFolder();
  copyFileSync('package.json', join(folder, 'nidus.sqlite'));
  expect(() => openWorkspace(folder)).toThrow(/nidus\.sqlite: the workspace database cannot be opened/);
  expect(readdirSync(folder)).toContain('nidus.sqlite');
});

test('a change and its audit entry are stored together, and a tampered log is noticed', async () => {
  const folder = await temporaryFolder();
  const workspace = openWorkspace(folder);
  workspace.change('create study', {}, () => workspace.studies.create('One'));
  expect(() => workspace.change('create study', {}, () => workspace.studies.create('One'))).toThrow(
    /already a study called "One"/,
  );
  workspace.change('create study', {}, () => workspace.studies.create('Two'));
  expect(workspace.audit.newest(10)).toHaveLength(2);
  expect(workspace.audit.isIntact()).toBe(true);
  workspace.close();

  const db = new Database(join(folder, 'nidus.sqlite'));
  db.prepare(`UPDATE audit SET detail = '{"by":"nobody"}' WHERE id = 1`).run();
  db.close();
  const reopened = openWorkspace(folder);
  expect(reopened.audit.isIntact()).toBe(false);
  reopened.close();
});

test('removing a study takes its images, jobs and runs with it', async () => {
  const folder = await temporaryFolder();
  const workspace = openWorkspace(folder);
  const study = workspace.studies.create('Doomed');
  const pixels = {
    sha256: 'a'.repeat(64),
    type: 'uint8',
    width: 4,
    height: 4,
    channels: 1,
    bits: 8,
  } as const;
  const image = workspace.images.create({
    studyId: study,
    name: 'a.png',
    role: 'normal',
    label: 'normal',
    split: null,
    defect: null,
    pixels,
    statistics: { min: 0, max: 1, mean: 0.5 },
    spacing: null,
    truth: { kind: 'empty' },
    position: 0,
  });
  const page = workspace.images.page(study, null, 1);
  expect(page.images.map(({ id }) => id)).toEqual([image]);
  expect(workspace.images.page(study, page.next, 1)).toEqual({ images: [], next: null });
  const set = workspace.referenceSets.freeze(study, workspace.images.ofStudy(study));
  expect(workspace.referenceSets.freeze(study, workspace.images.ofStudy(study)).version).toBe(set.version);
  expect(() => workspace.images.remove(image)).toThrow(/part of a run/);
  workspace.studies.remove(study);
  expect(workspace.studies.list()).toEqual([]);
  expect(workspace.images.ofStudy(study)).toEqual([]);
  workspace.close();
  expect(existsSync(join(folder, 'nidus.sqlite'))).toBe(true);
});

test('a workspace of the first version keeps what points at its jobs', async () => {
  const folder = await temporaryFolder();
  const db = new Database(join(folder, 'nidus.sqlite'));
  db.exec(foundation);
  db.pragma('user_version = 1');
  db.exec(`
    INSERT INTO study (id, name, created_at) VALUES (1, 'Old', '2026-01-01T00:00:00.000Z');
    INSERT INTO job (id, kind, title, study_id, state, created_at)
      VALUES (7, 'import', 'Old import', 1, 'finished', '2026-01-01T00:00:00.000Z');
    INSERT INTO import_item (job_id, position, path, name, role, label, ground_truth)
      VALUES (7, 0, '/a.png', 'a.png', 'query', 'unknown', 'unknown');`);
  db.close();

  openWorkspace(folder).close();
  const migrated = new Database(join(folder, 'nidus.sqlite'));
  expect(migrated.prepare('SELECT id, title FROM job').all()).toEqual([{ id: 7, title: 'Old import' }]);
  expect(migrated.prepare('SELECT job_id, name FROM import_item').all()).toEqual([
    { job_id: 7, name: 'a.png' },
  ]);
  expect(migrated.pragma('foreign_key_list(import_item)')).toMatchObject([{ table: 'job' }]);
  migrated.close();
  expect(readdirSync(folder)).toContain('nidus.sqlite.v1');
});

test('sweeps of an older workspace keep their runs, and their study becomes a part of them', async () => {
  const folder = await temporaryFolder();
  const old = new Database(join(folder, 'nidus.sqlite'));
  const before = migrations.slice(0, migrations.indexOf(sweepParts));
  for (const migration of before) {
    if (typeof migration === 'string') old.exec(migration);
    else migration(old);
  }
  old.pragma(`user_version = ${before.length}`);
  const plan = JSON.stringify({
    protocol: 'bmad',
    dataSet: 'BMAD liver',
    scale: 'raw',
    scope: 'all',
    axes: [],
  });
  old.exec(`
    INSERT INTO study (id, name, created_at) VALUES (3, 'Liver', '2026-01-01T00:00:00.000Z');
    INSERT INTO sweep (id, study_id, name, plan, created_at) VALUES (5, 3, 'BMAD', '${plan}', '2026-01-01T00:00:00.000Z');
  `);
  old.close();
  const workspace = openWorkspace(folder);
  const [sweep] = workspace.sweeps.ofStudy(StudyId.parse(3));
  expect(sweep).toMatchObject({ id: 5, name: 'BMAD', plan: { protocol: 'bmad', scale: 'raw' } });
  expect(workspace.sweeps.parts(sweep!.id)).toEqual([
    { studyId: 3, study: 'Liver', dataSet: 'BMAD liver', split: null },
  ]);
  workspace.close();
});

test('a slice comes back with its patient, its window and where it lies', async () => {
  const workspace = openWorkspace(await temporaryFolder());
  const study = workspace.studies.create('Series');
  const acquisition: Acquisition = {
    modality: 'CT',
    series: 'f'.repeat(32),
    seriesName: 'CT 2',
    instance: null,
    frame: null,
    slice: 3,
    slices: 20,
    position: -12.5,
    plane: 'axial',
    tilt: 0,
    edges: { left: 'R', right: 'L', top: 'A', bottom: 'P' },
    spacingSource: 'pixel-spacing',
    sliceSpacing: 2,
    rescale: { slope: 1, intercept: -1024, unit: 'HU' },
    windows: [{ centre: 40, width: 400, function: 'linear', name: null }],
    kept: {},
  };
  const pixels: PixelsInfo = {
    sha256: 'b'.repeat(64),
    type: 'int16',
    width: 2,
    height: 2,
    channels: 1,
    bits: 12,
    window: { low: 864, high: 1264 },
  };
  const id = workspace.images.create({
    studyId: study,
    name: 'CT 2/004',
    role: 'query',
    label: 'unknown',
    split: null,
    defect: null,
    pixels,
    statistics: { min: 0, max: 1, mean: 0.5 },
    spacing: { row: 0.5, column: 0.5 },
    truth: { kind: 'unknown' },
    patient: 'p-1',
    acquisition,
    position: 0,
  });
  expect(workspace.images.get(id)).toMatchObject({ patient: 'p-1', acquisition, pixels });
  workspace.close();
});

test('similarities of an older workspace become scores, and its runs keep their reference set', async () => {
  const folder = await temporaryFolder();
  const db = new Database(join(folder, 'nidus.sqlite'));
  db.exec(foundation + openKinds);
  db.pragma('user_version = 2');
  const settings = {
    method: 'dino-ad',
    model: 'scatter16',
    size: 448,
    k: 2,
    maskQueryBackground: true,
    seed: 0,
    support: { kind: 'matched', count: 1 },
    foreground: { rule: 'all' },
  };
  db.exec(`
    INSERT INTO study (id, name, created_at) VALUES (1, 'Old', '');
    INSERT INTO image VALUES (5, 1, 'a.png', 'query', 'unknown', NULL, NULL, '${'a'.repeat(64)}', 'uint8', 4, 4, 1, 8, 0, 1, 1,
      NULL, NULL, 'unknown', NULL, 0);
    INSERT INTO image VALUES (6, 1, 'b.png', 'query', 'unknown', NULL, NULL, '${'b'.repeat(64)}', 'uint8', 4, 4, 1, 8, 0, 1, 1,
      NULL, NULL, 'unknown', NULL, 1);
    INSERT INTO job (id, kind, title, study_id, state, created_at) VALUES (7, 'run', 'Old run', 1, 'finished', '');
    INSERT INTO reference_set VALUES (8, 1, 3, 'hash', '');
    INSERT INTO run VALUES (9, 1, 7, 8, '${JSON.stringify(settings)}', 'sha', '');
    INSERT INTO result (run_id, position, image_id) VALUES (9, 1, 6);`);
  const similarities = Float32Array.of(1, 0.75, -0.5);
  db.prepare(
    `INSERT INTO result (run_id, position, image_id, state, grid_rows, grid_columns, similarity, foreground, image_score, support)
     VALUES (9, 0, 5, 'scored', 1, 3, ?, ?, 1.5, '[]')`,
  ).run(Buffer.from(similarities.buffer), Buffer.from([1, 1, 1]));
  db.close();

  const workspace = openWorkspace(folder);
  const run = RunId.parse(9);
  expect(workspace.results.score(run, ImageId.parse(5))?.scores).toEqual({
    rows: 1,
    columns: 3,
    data: Float32Array.of(0, 0.25, 1.5),
  });
  expect(workspace.results.pending(run, 9)).toEqual([6]);
  expect(workspace.runs.get(run).referenceSet).toEqual({ id: 8, version: 3, name: null, size: 0 });
  expect(workspace.runs.get(run).settings).toEqual({
    ...settings,
    layer: null,
    fit: 'squash',
    pinned: [],
    banned: [],
  });
  workspace.close();
});
