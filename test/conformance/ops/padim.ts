import { drawChannels, PadimFit, scorePadim } from '#engine/methods/padim/index.ts';
import type { PatchFeatures } from '#shared/arrays.ts';
import type { CaseInputs } from '../fixture.ts';
import type { Operations, Results } from '../operation.ts';

/** Images of channels x rows x columns as patches. */
function images(inputs: CaseInputs, name: string): PatchFeatures[] {
  const { shape, data } = inputs.floats(name);
  const [count = 0, dimension = 0, rows = 0, columns = 0] = shape;
  const positions = rows * columns;
  return Array.from({ length: count }, (_, n) => ({
    rows,
    columns,
    dimension,
    data: Float32Array.from({ length: positions * dimension }, (_value, at) => {
      const [position, channel] = [Math.floor(at / dimension), at % dimension];
      return data[(n * dimension + channel) * positions + position]!;
    }),
  }));
}

function score(inputs: CaseInputs): Results {
  const train = images(inputs, 'train');
  const { dimension, rows, columns } = train[0]!;
  const fit = new PadimFit({ rows, columns }, drawChannels(dimension, dimension, 0));
  for (const image of train) fit.addToMeans(image);
  for (const image of train) fit.addToCovariances(image);
  const model = fit.finish(0.01);
  return { distances: images(inputs, 'test').flatMap((image) => Array.from(scorePadim(model, image).data)) };
}

export const padimOperations: Operations = { 'padim.score': score };
