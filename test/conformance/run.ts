/**
 * npm run conformance -- DIR [--device cpu|webgpu]
 * Checks the methods and metrics against the reference numbers of a fixture folder, or converted models against
 * the outputs of a folder of models (on the device named). Exit code 0: all passed; 1: some failed; 2: DIR is no
 * fixture folder. On a machine without a GPU, WebGPU is tried on a driver in software.
 */
import { parseArgs } from 'node:util';
import { toFailure } from '#shared/errors.ts';
import { checkModels } from './check-models.ts';
import { operations, runCase } from './conformance.ts';
import { readFixture } from './fixture.ts';
import type { Fixture } from './fixture.ts';
import { modelDevices, readModelFixtures } from './models.ts';
import { hasGpu, repeatInSoftware } from './software-gpu.ts';

const usage = `Usage: npm run conformance -- DIR [--device ${modelDevices.join('|')}], where DIR holds cases.json and the arrays it names, or model folders that do.`;

async function check({ folder, cases }: Fixture): Promise<number> {
  const passed = new Map<string, number>();
  const skipped = new Map<string, number>();
  const total = new Map<string, number>();
  const count = (tally: Map<string, number>, op: string): void =>
    void tally.set(op, (tally.get(op) ?? 0) + 1);
  for (const fixtureCase of cases) {
    const { id, op } = fixtureCase;
    if (!operations[op]) {
      count(skipped, op);
      continue;
    }
    count(total, op);
    const deviations = await runCase(folder, fixtureCase);
    if (deviations.length === 0) count(passed, op);
    else
      console.log(`FAILED ${id}: ${deviations.map(({ path, message }) => `${path}: ${message}`).join('; ')}`);
  }
  for (const [op, all] of total) console.log(`${op}: ${passed.get(op) ?? 0} of ${all} passed`);
  if (skipped.size > 0) {
    const names = Array.from(skipped, ([op, times]) => `${op} (${times})`).join(', ');
    console.log(`Skipped, no such operation yet: ${names}`);
  }
  const sum = (tally: Map<string, number>): number => tally.values().reduce((a, b) => a + b, 0);
  const failed = sum(total) - sum(passed);
  console.log(`${sum(passed)} passed, ${failed} failed, ${sum(skipped)} skipped`);
  return failed > 0 ? 1 : 0;
}

async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { device: { type: 'string', default: 'cpu' } },
    });
    const device = modelDevices.find((known) => known === values.device);
    const [folder] = positionals;
    if (folder === undefined || !device) {
      console.error(usage);
      return 2;
    }
    const models = readModelFixtures(folder);
    if (models.length > 0 && device === 'webgpu' && !(await hasGpu())) return await repeatInSoftware();
    return models.length > 0 ? await checkModels(models, device) : await check(readFixture(folder));
  } catch (error) {
    console.error(toFailure(error).message);
    return 2;
  }
}

process.exitCode = await main();
