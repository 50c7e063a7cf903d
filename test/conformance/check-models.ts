import { toFailure } from '#shared/errors.ts';
import type { Deviation } from './compare.ts';
import { type ModelDevice, type ModelFixture, openModel } from './models.ts';

/** Deviations of every case of a model, by the name of the case; a model that cannot be converted fails in all of them. */
export async function runModel(
  fixture: ModelFixture,
  device: ModelDevice,
): Promise<ReadonlyMap<string, readonly Deviation[]>> {
  const results = new Map<string, readonly Deviation[]>();
  try {
    await using model = await openModel(fixture, device);
    for (const fixtureCase of fixture.cases) results.set(fixtureCase.name, await model.check(fixtureCase));
  } catch (error) {
    const deviations = [{ path: 'convert', message: toFailure(error).message }];
    for (const { name } of fixture.cases) results.set(name, deviations);
  }
  return results;
}

/** Prints what failed and the totals; gives the exit code. */
export async function checkModels(fixtures: readonly ModelFixture[], device: ModelDevice): Promise<number> {
  let passed = 0;
  let failed = 0;
  for (const fixture of fixtures) {
    const results = await runModel(fixture, device);
    const wrong = [...results].filter(([, deviations]) => deviations.length > 0);
    for (const [name, deviations] of wrong) {
      const reasons = deviations.map(({ path, message }) => `${path}: ${message}`).join('; ');
      console.log(`FAILED ${fixture.name}/${name}: ${reasons}`);
    }
    console.log(`${fixture.name}: ${results.size - wrong.length} of ${results.size} passed`);
    passed += results.size - wrong.length;
    failed += wrong.length;
  }
  console.log(`${passed} passed, ${failed} failed, 0 skipped`);
  return failed > 0 ? 1 : 0;
}
