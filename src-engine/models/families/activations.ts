/** Activation functions by the names that `hidden_act` uses. */

import { type GraphBuilder, real, type Value } from '../onnx/graph.ts';

type Activation = (graph: GraphBuilder, x: Value) => Value;

/** Gaussian error linear unit with the error function itself. */
const gelu: Activation = (graph, x) => graph.node('Gelu', [x]);

/** Its approximation by a hyperbolic tangent: up to 1e-3 different, so never a stand-in for `gelu`. */
const geluTanh: Activation = (graph, x) => graph.node('Gelu', [x], { approximate: 'tanh' });

/** x sigmoid(alpha x), fused. */
const sigmoidProduct =
  (alpha: number): Activation =>
  (graph, x) =>
    graph.node('QuickGelu', [x], { alpha: real(alpha) }, { domain: 'com.microsoft' });

export const activations = {
  gelu,
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  silu: sigmoidProduct(1),
  swish: sigmoidProduct(1),
  quick_gelu: sigmoidProduct(1.702),
  relu: (graph, x) => graph.node('Relu', [x]),
} as const satisfies Record<string, Activation>;

export type ActivationName = keyof typeof activations;

export const activationNames = Object.keys(activations) as ActivationName[];
