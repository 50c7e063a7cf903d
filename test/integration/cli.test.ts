import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { tmpdir } from 'node:os';
import { installation } from '#main/installation.ts';
import { readNpy, toFloat32, writeNpy } from '#shared/npy.ts';
import { imageElements, writeDicom } from '../support/dicom.ts';
import { phantom, writePhantomSet } from '../support/phantoms.ts';

const command = join(installation, 'resources', 'bin', 'nidus.js');

let folder: string;
let workspace: string;

async function nidus(...parameters: string[]): Promise<{ code: number; out: string; error: string }> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      command,
      ...parameters,
      '--workspace',
      workspace,
    ]);
    return { code: 0, out: stdout, error: stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, out: stdout, error: stderr };
  }
}

async function json(...parameters: string[]): Promise<Record<string, unknown>> {
  const { code, out, error } = await nidus(...parameters, '--json');
  expect({ code, error }).toEqual({ code: 0, error: '' });
  return JSON.parse(out) as Record<string, unknown>;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nidus-cli-'));
  workspace = join(folder, 'workspace');
  await writePhantomSet(join(folder, 'set'), { normals: 3, abnormals: 2, size: 96 });
  return () => rm(folder, { recursive: true, force: true });
});

describe('the command line', () => {
  test('does the main job: import, run, evaluate, map, report', async () => {
    expect(await json('import', join(folder, 'set'), '--study', 'Set', '--layout', 'bmad')).toMatchObject({
      imported: 5,
      unchanged: 0,
      failed: [],
    });
    const images = (await json('images', '--study', 'Set')) as unknown as Record<string, unknown>[];
    expect(images.find(({ name }) => name === 'train/good/n0000.png')).toMatchObject({
      role: 'normal',
      label: 'normal',
      width: 96,
      height: 96,
      channels: 1,
      bits: 8,
      spacing: null,
      min: 0,
      max: Math.max(...phantom(0, 96, false).image),
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });

    const run = await json('run', '--study', 'Set', '--size', '96', '--k', '3', '--seed', '7');
    expect(run).toMatchObject({
      run: 1,
      images: 2,
      scored: 2,
      failed: 0,
      milliseconds: { features: expect.any(Number) },
    });

    const evaluation = await json('evaluate', '--run', '1', '--scale', 'minmax');
    const curves = join(folder, 'curves.csv');
    const resampled = await json(
      'evaluate',
      '--run',
      '1',
      '--scale',
      'minmax',
      '--bootstrap',
      '200',
      '--froc',
      '--curves',
      curves,
    );
    expect(resampled).toMatchObject({
      ...evaluation,
      intervals: { replicates: 200, patients: { pixel: 2 } },
    });
    expect(resampled['froc']).toMatchObject({ lesions: expect.any(Number), images: 2 });
    expect((await readFile(curves, 'utf8')).split('\n')[0]).toBe('curve,x,y,threshold');
    expect(evaluation).toMatchObject({
      scale: 'minmax',
      images: 2,
      pixel: {
        auroc: expect.any(Number),
        ap: expect.any(Number),
        f1max: expect.any(Number),
        f1maxThreshold: expect.any(Number),
      },
      image: { auroc: null },
    });

    const map = join(folder, 'map.npy');
    await json('map', '--run', '1', '--image', 'a0001', '--out', map);
    const array = readNpy(await readFile(map));
    expect(array).toMatchObject({ type: 'f4', shape: [96, 96] });
    await json('map', '--run', '1', '--image', 'a0001.png', '--out', join(folder, 'map.png'));
    expect((await readFile(join(folder, 'map.png'))).subarray(1, 4).toString()).toBe('PNG');
    await json('report', '--run', '1', '--out', join(folder, 'report.pdf'));
    expect((await readFile(join(folder, 'report.pdf'))).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('the same settings give the same run', async () => {
    const evaluated = async () => {
      const { run } = await json(
        'run',
        '--study',
        'Set',
        '--size',
        '96',
        '--k',
        '3',
        '--seed',
        '7',
        '--support',
        'random',
      );
      return { ...(await json('evaluate', '--run', String(run))), runId: 0 };
    };
    expect(await evaluated()).toEqual(await evaluated());
    const { pixel, kappa } = await json('compare', '1', '1', '--bootstrap', '100');
    expect(pixel).toMatchObject({ auroc: { difference: 0, interval: { low: 0, high: 0 }, p: 1 } });
    expect(kappa).toBeNull();
  });

  test('scores features and measures maps that people bring', async () => {
    const [out, support, foreground, query] = ['out', 'support', 'foreground', 'query'].map((name) =>
      join(folder, `${name}.npy`),
    );
    const features = (path: string, data: number[]) =>
      // As `nidus features` writes them: one layer in front.
      writeFile(path, writeNpy({ type: 'f4', shape: [1, 2, 2, 2], data: Float32Array.from(data) }));
    await features(support!, [3, 0, 1, 0, 2, 0, 0, 9]);
    await writeFile(foreground!, writeNpy({ type: 'u1', shape: [2, 2], data: Uint8Array.of(1, 1, 1, 0) }));
    await features(query!, [1, 0, 0, 1, 1, 1, -2, 0]);
    const scored = await json(
      'score',
      '--support',
      support!,
      '--foreground',
      foreground!,
      '--query',
      query!,
      '--k',
      '1',
      '--out',
      out!,
    );
    expect(scored).toMatchObject({ clusterSizes: [3] });
    // The one centroid is (2, 0): cosines 1, 0, 1 / sqrt 2 and -1.
    const map = toFloat32(readNpy(await readFile(out!)));
    [0, 1, 1 - Math.SQRT1_2, 2].forEach((expected, patch) => expect(map[patch]).toBeCloseTo(expected, 6));

    const [maps, masks] = [join(folder, 'maps'), join(folder, 'masks')];
    await mkdir(maps);
    await mkdir(masks);
    const put = (path: string, data: number[]) =>
      writeFile(path, writeNpy({ type: 'f4', shape: [2, 2], data: Float32Array.from(data) }));
    await put(join(maps, 'a.npy'), [0.9, 0.1, 0.2, 0.3]);
    await put(join(masks, 'a.npy'), [1, 0, 0, 0]);
    expect(await json('metrics', '--maps', maps, '--masks', masks)).toMatchObject({
      images: 1,
      pixel: { auroc: 1, ap: 1 },
    });
  });

  test.each([
    [['run', '--study', 'Nobody'], /There is no study "Nobody". Studies: Set\./],
    [['run', '--study', 'Set', '--size', '100'], /not a multiple of the patch size 16/],
    [['run', '--study', 'Set', '--k', '99'], /--k/],
    [['run', '--study', 'Set', '--model', 'dino'], /There is no model "dino"/],
    [['evaluate', '--run', '1', '--maps', 'x'], /either --run, or --maps and --masks/],
    [['evaluate', '--run', '99'], /There is no run 99/],
    [['evaluate', '--run', 'abc'], /"abc" is not a whole number/],
    [['map', '--run', '1', '--image', 'zzz', '--out', 'x.npy'], /no image "zzz"/],
    [['import', '/nowhere/at/all', '--study', 'Set'], /\/nowhere\/at\/all/],
    [['metrics', '--maps', '/nowhere', '--masks', '/nowhere'], /\/nowhere/],
    [['frobnicate'], /unknown command/],
  ])('refuses %j in one line', async (parameters, reason) => {
    const { code, out, error } = await nidus(...parameters);
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(error).toMatch(reason);
    expect(error.trimEnd().split('\n')).toHaveLength(1);
  });

  test('names the file of a slice that cannot be read, and leaves no study of nothing', async () => {
    const slice = (syntax: string) =>
      writeDicom({
        syntax,
        elements: [['00080018', 'UI', '1.2.3'], ...imageElements({ rows: 8, columns: 8, bitsAllocated: 8 })],
        frames: [Uint8Array.of(0xff, 0xd8, 0xff, 0xd9)],
      });
    const damaged = join(folder, 'damaged.dcm');
    await writeFile(damaged, slice('1.2.840.10008.1.2.4.50'));
    const { code, error } = await nidus('import', damaged, '--study', 'Nothing');
    expect(code).toBe(1);
    expect(error).toMatch(
      /^nidus: damaged\.dcm: P-\w+\/Series 0 \w+\/001: .+\nnidus: No image could be imported\.\n$/,
    );

    // Refused before anything is planned, by the header alone.
    const unknown = join(folder, 'unknown.dcm');
    await writeFile(unknown, slice('1.2.840.10008.1.2.99'));
    expect((await nidus('import', unknown, '--study', 'Nothing')).error).toBe(
      'nidus: unknown.dcm: its transfer syntax 1.2.840.10008.1.2.99 is not known\n',
    );
    const mgh = join(folder, 'brain.mgz');
    await writeFile(mgh, Uint8Array.of(0x1f, 0x8b, 8, 0));
    expect((await nidus('import', mgh, '--study', 'Nothing')).error).toMatch(
      /^nidus: brain\.mgz: FreeSurfer MGH/,
    );
    expect((await nidus('run', '--study', 'Nothing')).error).toMatch(/There is no study "Nothing"/);
  });

  test('freezes, compares and examines normals, and takes what lies in a watched folder', async () => {
    const inbox = join(folder, 'inbox');
    await mkdir(inbox);
    await json('import', join(folder, 'set', 'train', 'good'), '--study', 'Line', '--role', 'normal');
    const picture = await readFile(join(folder, 'set', 'test', 'Ungood', 'img', 'a0000.png'));
    await writeFile(join(inbox, 'part 1.png'), picture);
    const taken = await json('watch', inbox, '--study', 'Line', '--once');
    expect(taken).toMatchObject({ imported: 1, unchanged: 0, failed: [], problem: null, active: false });

    const references = ['references', '--study', 'Line'];
    expect(await json(...references, 'freeze', '--name', 'First')).toMatchObject({
      version: 1,
      name: 'First',
      size: 3,
    });
    expect(await json(...references, 'diff', 'First', 'now')).toEqual({ added: [], removed: [], common: 3 });
    expect(await json(...references, 'doctor', '--size', '96')).toMatchObject({
      normals: 3,
      queries: 1,
      duplicates: [],
      leaks: [],
      abnormal: { fence: null, images: [] },
      proposal: { add: [], drop: [], falsePositives: null },
    });
    const { code, error } = await nidus(...references, 'diff', 'First', 'Second');
    expect({ code, error }).toEqual({
      code: 1,
      error: 'nidus: This study has no reference set "Second". There are version 1, First.\n',
    });
    // Six starts of the program.
  }, 180_000);
});
