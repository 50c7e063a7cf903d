/** Patches and prefix tokens of a Vision Transformer. */

import type { Value } from '../../onnx/graph.ts';
import { reshaped, stacked } from '../fold.ts';
import type { Layers } from '../layers.ts';
import type { Parameter } from '../parameters.ts';
import type { Tokens } from './encoder.ts';

export interface PatchGrid {
  /** [batch, rows * columns, dimension], row-major. */
  readonly patches: Value;
  /** Extents: int64 [1] each. */
  readonly batch: Value;
  readonly rows: Value;
  readonly columns: Value;
}

/** Cuts an image [batch, 3, height, width] into patches; surplus pixels at the right and bottom do not take part. */
export function embedPatches(
  { graph, convolution, extent, integers }: Layers,
  image: Value,
  weight: Parameter,
  bias: Parameter,
): PatchGrid {
  const map = convolution(image, { weight, bias, stride: weight.shape[2]! });
  const flat = graph.node('Reshape', [map, integers(0, 0, -1)]);
  return {
    patches: graph.node('Transpose', [flat], { perm: [0, 2, 1] }),
    batch: extent(map, 0),
    rows: extent(map, 2),
    columns: extent(map, 3),
  };
}

/** Puts CLS [1, 1, D] and the registers [1, R, D] before the patches of every image. */
export function withPrefix(
  { graph, parameter, integers, shape }: Layers,
  grid: PatchGrid,
  cls: Parameter,
  registers: Parameter | undefined,
): Tokens {
  const dimension = cls.shape[2]!;
  const tokens = (tensor: Parameter): Parameter => reshaped(tensor, [tensor.shape[1]!, dimension]);
  const all = stacked('prefix_tokens', registers ? [tokens(cls), tokens(registers)] : [tokens(cls)]);
  const prefix = parameter(reshaped(all, [1, ...all.shape]));
  const repeated = graph.node('Expand', [prefix, shape(grid.batch, integers(1, 1))]);
  return { ...grid, value: graph.node('Concat', [repeated, grid.patches], { axis: 1 }) };
}
