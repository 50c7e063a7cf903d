import { toFailure } from '#shared/errors.ts';
import { compareTree } from './compare.ts';
import type { Deviation } from './compare.ts';
import { CaseInputs } from './fixture.ts';
import type { FixtureCase } from './fixture.ts';
import type { Operations } from './operation.ts';
import { adDinov3Operations } from './ops/ad-dinov3.ts';
import { anomalyDinoOperations } from './ops/anomaly-dino.ts';
import { clipTextOperations } from './ops/clip-text.ts';
import { dinoAdOperations } from './ops/dino-ad.ts';
import { dpmmOperations } from './ops/dpmm.ts';
import { metricsOperations } from './ops/metrics.ts';
import { padimOperations } from './ops/padim.ts';
import { patchCoreOperations } from './ops/patchcore.ts';

/** Every operation that is checked, by the name the cases use; one file a family. */
export const operations: Operations = {
  ...dinoAdOperations,
  ...anomalyDinoOperations,
  ...patchCoreOperations,
  ...padimOperations,
  ...dpmmOperations,
  ...metricsOperations,
  ...clipTextOperations,
  ...adDinov3Operations,
};

/** Runs one case through the functions the application uses; no deviation means passed. */
export async function runCase(folder: string, fixtureCase: FixtureCase): Promise<Deviation[]> {
  const operation = operations[fixtureCase.op];
  if (!operation) return [{ path: 'op', message: `there is no operation ${fixtureCase.op}` }];
  try {
    const results = await operation(new CaseInputs(folder, fixtureCase));
    return compareTree(folder, fixtureCase.expected, results);
  } catch (error) {
    return [{ path: 'run', message: toFailure(error).message }];
  }
}
