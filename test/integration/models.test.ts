import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { readNpy, toFloat32 } from '#shared/npy.ts';
import { defaultSettings } from '#shared/settings.ts';
import { installation } from '#main/installation.ts';
import { importModel, importStudy, openServices } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';
import { writePhantomSet } from '../support/phantoms.ts';

const fixture = join(installation, '../shared/fixtures/dinov3/tiny-mlp');
const present = existsSync(fixture);
const note = present ? '' : ' (skipped: ../shared/fixtures is missing)';

/** `nidus` as a person runs it. */
async function nidus(...words: string[]) {
  const cli = join(installation, 'src-main/hosts/cli.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [cli, '--json', ...words]);
  return JSON.parse(stdout) as unknown;
}

async function array(...path: string[]) {
  const stored = readNpy(await readFile(join(...path)));
  return { shape: stored.shape, data: toFloat32(stored) };
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - b[index]!)), 0);
}

describe.skipIf(!present)(`imported models${note}`, () => {
  test('an imported model scores phantoms, and its results outlive it', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    await writePhantomSet(join(folder, 'set'), { normals: 3, abnormals: 2, size: 96 });
    const services = openServices(join(folder, 'workspace'));

    const model = await importModel(services, fixture, { name: 'tiny' });
    expect(model).toMatchObject({
      family: 'dinov3_vit',
      patch: 16,
      dimension: 64,
      layers: 4,
      builtIn: false,
    });
    const { deviations } = model.imported!;
    expect(deviations.fp32).toBeLessThan(1e-5);
    expect(deviations.fp16).toBeLessThan(5e-3);
    expect(deviations.int8).toBeLessThan(0.2);
    expect(await services.models.check('tiny')).toMatchObject({ files: 2 });
    await expect(importModel(services, fixture, { name: 'tiny' })).rejects.toThrow('already');

    const study = await importStudy(services, 'phantoms', { paths: [join(folder, 'set')] });
    const settings = { ...defaultSettings, model: 'tiny', size: 96 };
    const run = services.runs.start(study, settings);
    services.jobs.wake();
    await services.jobs.ended(services.workspace.runs.jobOf(run.id)!);
    const results = services.workspace.results.ofRun(run.id);
    expect(results.map(({ outcome }) => outcome.state)).toEqual(['scored', 'scored']);

    const [query] = services.workspace.images.ofRole(study, 'query');
    const own = await services.previews.preview(query!.id, settings);
    const last = await services.previews.preview(query!.id, { ...settings, layer: 4 });
    const earlier = await services.previews.preview(query!.id, { ...settings, layer: 1 });
    expect(last.scores).toEqual(own.scores);
    expect(earlier.scores).not.toEqual(own.scores);
    expect(() => services.runs.start(study, { ...settings, layer: 5 })).toThrow('layers 1 to 4');

    const { warnings } = await services.models.remove('tiny');
    expect(warnings[0]).toContain(`run ${run.id}`);
    expect(services.catalogue.list().map(({ name }) => name)).not.toContain('tiny');
    expect(await readdir(services.workspace.folders.models)).toEqual([]);
    expect((await services.reports.pdf(run.id, 'raw')).length).toBeGreaterThan(1000);
    expect(services.workspace.audit.newest(2).map(({ action }) => action)).toContain('remove model');
    await expect(services.models.remove('scatter16')).rejects.toThrow('cannot be removed');
  });

  test('weights that cannot be used leave nothing behind and are named', { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder();
    const killed = join(folder, 'workspace', 'models', '.importing-vits');
    await mkdir(killed, { recursive: true });
    await writeFile(join(killed, 'model.onnx'), 'half of it');
    const services = openServices(join(folder, 'workspace'));
    const nothingLeft = async () => {
      expect(await readdir(services.workspace.folders.models)).toEqual([]);
      expect(services.workspace.models.list()).toEqual([]);
    };
    const refused = async (path: string, reason: RegExp) => {
      await expect(importModel(services, path)).rejects.toThrow(reason);
      await nothingLeft();
    };

    await nothingLeft();
    const truncated = join(folder, 'truncated');
    await cp(fixture, truncated, { recursive: true });
    await truncate(join(truncated, 'model.safetensors'), 500_000);
    await refused(truncated, /model\.safetensors/);

    const deeper = join(folder, 'deeper');
    await cp(fixture, deeper, { recursive: true });
    const config = JSON.parse(await readFile(join(deeper, 'config.json'), 'utf8')) as object;
    await writeFile(join(deeper, 'config.json'), JSON.stringify({ ...config, num_hidden_layers: 5 }));
    await refused(deeper, /tensor layer\.4\.norm1\.weight/);

    await refused(folder, /config\.json/);
    await refused(join(folder, 'nowhere'), /there is no such folder/);
  });

  test('features of a tensor are those of the reference implementation', { timeout: 60_000 }, async () => {
    const folder = await temporaryFolder();
    const workspace = join(folder, 'workspace');
    await nidus('--workspace', workspace, 'models', 'import', fixture);
    const cases = join(fixture, 'cases', 'rand-96x160-b2');
    const take = (out: string, ...options: string[]) =>
      nidus(
        '--workspace',
        workspace,
        'features',
        '--model',
        'tiny-mlp',
        '--tensor',
        join(cases, 'input.npy'),
        '--out',
        join(folder, out),
        ...options,
      );

    await take('final');
    const final = await array(folder, 'final', 'input.patches.npy');
    expect(final.shape).toEqual([2, 1, 6, 10, 64]);
    for (const kind of ['patches', 'cls', 'registers']) {
      const got = await array(folder, 'final', `input.${kind}.npy`);
      const expected = await array(cases, `final_norm_${kind}.npy`);
      expect(largestDifference(got.data, expected.data)).toBeLessThan(1e-4);
    }

    for (const [out, options, reference] of [
      ['normed', [], 'layers_norm_cls.npy'],
      ['raw', ['--no-norm'], 'layers_raw_cls.npy'],
    ] as const) {
      await take(out, '--layers', '2,4', ...options);
      const got = await array(folder, out, 'input.cls.npy');
      expect(got.shape).toEqual([2, 2, 64]);
      const all = await array(cases, reference);
      // The reference has the layer first, then the batch.
      for (const [position, layer] of [1, 3].entries()) {
        for (let image = 0; image < 2; image++) {
          const mine = got.data.subarray((image * 2 + position) * 64, (image * 2 + position + 1) * 64);
          const theirs = all.data.subarray((layer * 2 + image) * 64, (layer * 2 + image + 1) * 64);
          expect(largestDifference(mine, theirs)).toBeLessThan(1e-4);
        }
      }
    }
    await expect(take('none', '--layers', '5')).rejects.toThrow('layers 1 to 4');
  });

  test(
    'features of an image file are those of the reference implementation',
    { timeout: 60_000 },
    async () => {
      const folder = await temporaryFolder();
      const workspace = join(folder, 'workspace');
      await nidus('--workspace', workspace, 'models', 'import', fixture);
      const cases = join(fixture, 'cases', 'smooth-224x224');
      const pixels = readNpy(await readFile(join(cases, 'image_u8.npy'))).data as Uint8Array;
      const image = join(folder, 'smooth.png');
      await sharp(pixels, { raw: { width: 224, height: 224, channels: 3 } }).toFile(image);

      const options = ['--model', 'tiny-mlp', '--size', '224', '--out', folder];
      await nidus('--workspace', workspace, 'features', image, ...options);
      for (const [kind, shape] of [
        ['patches', [1, 14, 14, 64]],
        ['cls', [1, 64]],
      ] as const) {
        const got = await array(folder, `smooth.${kind}.npy`);
        expect(got.shape).toEqual(shape);
        const expected = await array(cases, `final_norm_${kind}.npy`);
        expect(largestDifference(got.data, expected.data)).toBeLessThan(1e-4);
      }
    },
  );
});
