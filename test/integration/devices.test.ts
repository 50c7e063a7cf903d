import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { installation, spawnEngine } from '#main/installation.ts';
import { createServices } from '#main/services.ts';
import { readNpy, toFloat32 } from '#shared/npy.ts';
import { defaultSettings } from '#shared/settings.ts';
import { softwareVulkan } from '../support/browser.ts';
import { writePhantomSet } from '../support/phantoms.ts';
import { importStudy } from '../support/services.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('a device that this machine lacks is named with its reason, never replaced in silence', async () => {
  const folder = await temporaryFolder();
  await writePhantomSet(join(folder, 'set'), { normals: 2, abnormals: 1, size: 64 });
  // DirectML exists on Windows only, CoreML on macOS only.
  const device = process.platform === 'win32' ? 'coreml' : 'dml';
  const services = createServices({
    workspaceFolder: join(folder, 'workspace'),
    host: 'terminal',
    installation,
    spawnEngine,
    device,
  });
  try {
    const study = await importStudy(services, 'phantoms', { paths: [join(folder, 'set')] });
    const run = services.runs.start(study, { ...defaultSettings, size: 64 });
    services.jobs.wake();
    const job = await services.jobs.ended(services.workspace.runs.jobOf(run.id)!);
    expect(job).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('cannot be used here'),
    });
  } finally {
    await services.close();
  }
});

const vulkan = await softwareVulkan();

test.skipIf(vulkan === null)(
  'WebGPU gives the maps of the CPU (in software; Linux on x64 only)',
  { timeout: 300_000 },
  async () => {
    const folder = await temporaryFolder();
    await writePhantomSet(join(folder, 'set'), { normals: 1, abnormals: 1, size: 64 });
    const nidus = (...parameters: string[]) =>
      promisify(execFile)(
        process.execPath,
        [
          join(installation, 'src-main', 'hosts', 'cli.ts'),
          ...parameters,
          '--workspace',
          join(folder, 'workspace'),
        ],
        { env: { ...process.env, ...vulkan } },
      );
    await nidus('import', join(folder, 'set'), '--study', 'Set');
    const mapOn = async (device: string, run: string) => {
      await nidus('run', '--study', 'Set', '--size', '64', '--device', device);
      const out = join(folder, `${device}.npy`);
      await nidus('map', '--run', run, '--image', 'a0000', '--out', out);
      return toFloat32(readNpy(await readFile(out)));
    };
    const gpu = await mapOn('webgpu', '1');
    // Else the cache would answer for the CPU.
    await rm(join(folder, 'workspace', 'features'), { recursive: true });
    const cpu = await mapOn('cpu', '2');
    expect(Math.max(...cpu)).toBeGreaterThan(0);
    expect(gpu.every((score, pixel) => Math.abs(score - cpu[pixel]!) < 1e-4)).toBe(true);
  },
);
