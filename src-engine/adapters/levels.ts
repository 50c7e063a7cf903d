/** Features of one image at several levels, in half precision as they are cached, in training and in use alike. */

import { Failure } from '#shared/errors.ts';
import { EMBEDDING, layerPrefix, PATCHES } from '../models/families/outputs.ts';
import type { Extractor } from '../models/extractor.ts';
import type { InputTensor } from '../models/preprocess.ts';

export interface ImageLevels {
  readonly rows: number;
  readonly columns: number;
  readonly dimension: number;
  /** levels x dimension */
  readonly cls: Float32Array;
  /** levels x patches x dimension */
  readonly patches: Float16Array;
  /** Spent in the model. */
  readonly milliseconds: number;
}

/**
 * @param layers counted from 1; none is one level, the model's own output
 * @throws Failure `invalid` when the layers differ in grid or width
 */
export async function extractLevels(
  extractor: Extractor,
  input: InputTensor,
  layers: readonly number[],
): Promise<ImageLevels> {
  const prefixes =
    layers.length === 0 ? [''] : layers.map((layer) => layerPrefix({ index: layer - 1, normed: true }));
  const names = prefixes.flatMap((prefix) => [`${prefix}${PATCHES}`, `${prefix}${EMBEDDING}`]);
  const { outputs, milliseconds } = await extractor.outputs(input, names);
  const [, rows = 0, columns = 0, dimension = 0] = outputs[0]!.shape;
  const values = rows * columns * dimension;
  const cls = new Float32Array(prefixes.length * dimension);
  const patches = new Float16Array(prefixes.length * values);
  for (const level of prefixes.keys()) {
    const [grid, embedding] = [outputs[2 * level]!, outputs[2 * level + 1]!];
    if (grid.shape.slice(1).join() !== [rows, columns, dimension].join()) {
      throw new Failure('invalid', `The layers of ${extractor.entry.name} differ in grid or width.`);
    }
    patches.set(grid.data, level * values);
    cls.set(
      embedding.data.length === dimension ? embedding.data : meanPatch(grid.data, dimension),
      level * dimension,
    );
  }
  return { rows, columns, dimension, cls, patches, milliseconds };
}

/** Stands for the CLS of an extractor that has none of the width of its patches. */
function meanPatch(patches: Float32Array, dimension: number): Float32Array {
  const mean = new Float32Array(dimension);
  const count = patches.length / dimension;
  for (let i = 0; i < patches.length; i++) {
    mean[i % dimension] = mean[i % dimension]! + patches[i]! / count;
  }
  return mean;
}
