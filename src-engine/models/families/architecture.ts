/** What a family says of a model before its weights are read. */

import type { Value } from '../onnx/graph.ts';
import type { Layers } from './layers.ts';
import type { LayerChoice } from './outputs.ts';
import type { Parameters } from './parameters.ts';

export interface Architecture {
  /** `model_type` of the configuration. */
  readonly family: string;
  /** Pixels a patch feature stands for, both ways; also the smallest edge of an image. */
  readonly patch: number;
  readonly dimension: number;
  readonly registers: number;
  /** Blocks of a ViT, stages of a ConvNeXt: what a layer choice counts. */
  readonly depth: number;
  /** Eps of every LayerNorm. */
  readonly epsilon: number;
  /**
   * Adds the whole model from its input [batch, 3, height, width] on and declares its outputs.
   * @throws Failure `unreadable` that names a tensor which is missing or has another shape.
   */
  build(layers: Layers, image: Value, parameters: Parameters, choices: readonly LayerChoice[]): void;
}
