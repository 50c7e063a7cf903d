import { createRandom } from '#shared/random.ts';
import type { AdapterShape } from './options.ts';

/** Two layers without bias, out x in, row-major: bottleneck x inputs and outputs x bottleneck. */
export interface TwoLayers {
  readonly w1: Float32Array;
  readonly w2: Float32Array;
}

/** One adapter a level for images (patches and CLS share it), one for the text vectors of all classes. */
export interface AdapterWeights {
  readonly levels: readonly TwoLayers[];
  readonly text: TwoLayers;
}

/** All parameters in one fixed order: what Adam walks over and files store. */
export const parametersOf = ({ levels, text }: AdapterWeights): readonly Float32Array[] =>
  [...levels, text].flatMap(({ w1, w2 }) => [w1, w2]);

/** The inverse of `parametersOf`: these numbers in the places of an adapter. */
export function fillWeights({ levels }: AdapterWeights, parameters: readonly Float32Array[]): AdapterWeights {
  const layersAt = (index: number): TwoLayers => ({
    w1: parameters[2 * index]!,
    w2: parameters[2 * index + 1]!,
  });
  return { levels: levels.map((_, index) => layersAt(index)), text: layersAt(levels.length) };
}

/** Zeros of the shape of an adapter: where gradients and moments begin. */
export function zeroWeights(levels: number, { image, text, bottleneck }: AdapterShape): AdapterWeights {
  const layers = (inputs: number): TwoLayers => ({
    w1: new Float32Array(bottleneck * inputs),
    w2: new Float32Array(text * bottleneck),
  });
  return { levels: Array.from({ length: levels }, () => layers(image)), text: layers(text) };
}

/** Uniform in +-1 / sqrt(inputs), as PyTorch's Linear begins; the same for the same seed. */
export function initialWeights(levels: number, shape: AdapterShape, seed: number): AdapterWeights {
  const random = createRandom(seed);
  const fill = (values: Float32Array, inputs: number): void => {
    const limit = 1 / Math.sqrt(inputs);
    for (let i = 0; i < values.length; i++) values[i] = limit * (2 * random.next() - 1);
  };
  const weights = zeroWeights(levels, shape);
  for (const { w1, w2 } of weights.levels) {
    fill(w1, shape.image);
    fill(w2, shape.bottleneck);
  }
  fill(weights.text.w1, shape.text);
  fill(weights.text.w2, shape.bottleneck);
  return weights;
}
