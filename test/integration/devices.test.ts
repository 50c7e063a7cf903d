import { join } from 'node:path';
import { expect, test } from 'vitest';
import { installation, spawnEngine } from '#main/installation.ts';
import { createServices } from '#main/services.ts';
import { defaultSettings } from '#shared/settings.ts';
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
      error: expect.stringContaining(`The device ${device} cannot be used here`),
    });
  } finally {
    await services.close();
  }
});
