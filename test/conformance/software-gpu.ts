import { fork } from 'node:child_process';
import { once } from 'node:events';
import { matchingModel } from '#engine/matching/matching-graph.ts';
import { loadSession } from '#engine/models/session.ts';
import { Failure } from '#shared/errors.ts';
import { softwareVulkan } from '../support/browser.ts';

/** Set in a process that has the driver in software. */
const REPEATED = 'NIDUS_SOFTWARE_GPU';

/** Whether WebGPU finds an adapter in this process. */
export async function hasGpu(): Promise<boolean> {
  if (process.env[REPEATED] !== undefined) return true;
  try {
    await (await loadSession(matchingModel(), 'webgpu')).release();
    return true;
  } catch {
    return false;
  }
}

/** Runs this very command again where WebGPU finds the driver in software. @returns its exit code */
export async function repeatInSoftware(): Promise<number> {
  const software = await softwareVulkan();
  if (software === null) throw new Failure('device', 'WebGPU finds no adapter on this machine.');
  console.error('No GPU here: running on a driver in software.');
  const [, script = '', ...rest] = process.argv;
  const child = fork(script, rest, { env: { ...process.env, ...software, [REPEATED]: '1' } });
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}
