import { fitPadim, scorePadim } from '#engine/methods/padim/index.ts';
import type { FeatureMaps } from '#engine/methods/padim/index.ts';
import type { CaseInputs } from '../fixture.ts';
import type { Operations, Results } from '../operation.ts';

function maps(inputs: CaseInputs, name: string): FeatureMaps {
  const { shape, data } = inputs.floats(name);
  const [images = 0, channels = 0, rows = 0, columns = 0] = shape;
  return { images, channels, rows, columns, data };
}

function score(inputs: CaseInputs): Results {
  const scored = scorePadim(fitPadim(maps(inputs, 'train')), maps(inputs, 'test'));
  return { distances: scored.flatMap(({ data }) => Array.from(data)) };
}

export const padimOperations: Operations = { 'padim.score': score };
