/** Names and shapes of inputs and outputs; the first three are what every extractor of Nidus has. */

import type { GraphBuilder, Value } from '../onnx/graph.ts';

export const INPUT = 'image';
export const PATCHES = 'patch_features';
export const EMBEDDING = 'embedding';
export const REGISTERS = 'registers';

/** An output of an intermediate layer beside the final ones. */
export interface LayerChoice {
  /** Block (ViT) or stage (ConvNeXt), counted from 0: its output. */
  readonly index: number;
  /** Through the model's final norm. A ConvNeXt norms its last stage only, as its authors do. */
  readonly normed: boolean;
}

/** What the outputs of a chosen layer begin with: `layer_5_patch_features`, `layer_5_raw_embedding` ... */
export const layerPrefix = ({ index, normed }: LayerChoice): string =>
  `layer_${index}_${normed ? '' : 'raw_'}`;

/** Makes a value an output under a name of our choice. */
export function declareOutput(
  graph: GraphBuilder,
  value: Value,
  name: string,
  shape: readonly (number | string)[],
): void {
  graph.output(graph.node('Identity', [value], {}, { name }), 'float32', shape);
}
