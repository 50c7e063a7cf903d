/** The layers all families are made of, as graph nodes. */

import { type GraphBuilder, real, type Value } from '../onnx/graph.ts';
import type { Precision } from '#shared/model-description.ts';
import { elementTypes, float32, int64, type Tensor } from '../onnx/tensors.ts';
import { linearKernels } from './linear.ts';
import { activations, type ActivationName } from './activations.ts';
import { halfTensorOf, scaledRows, tensorOf } from './fold.ts';
import type { Parameter } from './parameters.ts';

/** y = x W^T + b: weight [outputs, inputs], bias [outputs]. */
export interface Linear {
  readonly weight: Parameter;
  readonly bias: Parameter | undefined;
}

/** LayerNorm over the last axis: biased variance, eps inside the root. */
export interface Norm {
  readonly weight: Parameter;
  readonly bias: Parameter;
}

/** Convolution [outputs, inputs / groups, height, width] with bias. */
export interface Convolution {
  readonly weight: Parameter;
  readonly bias: Parameter;
  /** Both ways; 1 if left out. */
  readonly stride?: number;
  /** Zeros on every side; none if left out. */
  readonly padding?: number;
  /** 1 if left out. */
  readonly groups?: number;
}

/** How a product with a constant matrix is computed; see `linear.ts`. */
export type LinearKernel = (layers: Layers, x: Value, linear: Linear) => Value;

/** `fused` is fastest, `plain` right on every provider; see `vit/attention.ts`. */
export const attentionForms = ['fused', 'plain'] as const;
export type AttentionForm = (typeof attentionForms)[number];

export interface LayerOptions {
  /** Of every LayerNorm of the model. */
  readonly epsilon: number;
  readonly precision: Precision;
  readonly attention: AttentionForm;
}

export interface Layers {
  readonly graph: GraphBuilder;
  readonly attention: AttentionForm;
  /** An int64 constant of one dimension, stored once however often it is asked for. */
  integers(...values: readonly number[]): Value;
  /** A float32 constant without dimensions. */
  scalar(value: number): Value;
  parameter(parameter: Parameter): Value;
  /** A parameter in float16. */
  halfParameter(parameter: Parameter): Value;
  /** To the numbers that products are computed in: float16 in that precision, as it is in the others. */
  narrow(x: Value): Value;
  /** Back to float32. */
  widen(x: Value): Value;
  linear(x: Value, linear: Linear): Value;
  /** The outputs of a linear layer times a factor each (LayerScale). */
  scaledLinear(x: Value, linear: Linear, factors: Parameter): Value;
  norm(x: Value, norm: Norm): Value;
  convolution(x: Value, convolution: Convolution): Value;
  activation(x: Value, name: ActivationName): Value;
  /** One extent of a value while the model runs: int64 [1]. */
  extent(x: Value, axis: number): Value;
  /** Joins lists of extents to a shape. */
  shape(...extents: readonly Value[]): Value;
}

export function layersOf(graph: GraphBuilder, { epsilon, precision, attention }: LayerOptions): Layers {
  const kernel = linearKernels[precision]();
  const narrowed = new Map<string, Value>();
  const constants = new Map<string, Value>();
  const parameterValues = new Map<Parameter, Value>();
  const constant = (name: string, tensor: Tensor): Value => {
    const present = constants.get(name);
    if (present) return present;
    const value = graph.initialiser(name, tensor);
    constants.set(name, value);
    return value;
  };
  const layers: Layers = {
    graph,
    attention,
    integers: (...values) => constant(`integers_${values.join('_')}`, int64(values)),
    scalar: (value) => constant(`scalar_${value}`, float32([], [value])),
    parameter(parameter) {
      const present = parameterValues.get(parameter);
      if (present) return present;
      const value = graph.initialiser(parameter.name, tensorOf(parameter));
      parameterValues.set(parameter, value);
      return value;
    },
    halfParameter: (parameter) => graph.initialiser(`${parameter.name}.half`, halfTensorOf(parameter)),
    narrow(x) {
      if (precision !== 'fp16') return x;
      // Query, key and value read the same tokens.
      const present = narrowed.get(x.name) ?? graph.node('Cast', [x], { to: elementTypes.float16.code });
      narrowed.set(x.name, present);
      return present;
    },
    widen: (x) => (precision === 'fp16' ? graph.node('Cast', [x], { to: elementTypes.float32.code }) : x),
    linear: (x, linear) => kernel(layers, x, linear),
    scaledLinear(x, { weight, bias }, factors) {
      // Released factors are so small that weights times factors would vanish in float16.
      if (precision === 'fp16')
        return graph.node('Mul', [layers.linear(x, { weight, bias }), layers.parameter(factors)]);
      return layers.linear(x, {
        weight: scaledRows(weight, factors),
        bias: bias && scaledRows(bias, factors),
      });
    },
    norm: (x, { weight, bias }) =>
      graph.node('LayerNormalization', [x, layers.parameter(weight), layers.parameter(bias)], {
        axis: -1,
        epsilon: real(epsilon),
      }),
    convolution: (x, { weight, bias, stride = 1, padding = 0, groups = 1 }) =>
      graph.node('Conv', [x, layers.parameter(weight), layers.parameter(bias)], {
        kernel_shape: weight.shape.slice(2),
        strides: [stride, stride],
        pads: [padding, padding, padding, padding],
        group: groups,
      }),
    activation: (x, name) => activations[name](graph, x),
    extent: (x, axis) => graph.node('Shape', [x], { start: axis, end: axis + 1 }),
    shape: (...extents) => graph.node('Concat', extents, { axis: 0 }),
  };
  return layers;
}
