/** Products with constant matrices, the bulk of the work, in three precisions. */

import type { Precision } from '#shared/model-description.ts';
import type { Value } from '../onnx/graph.ts';
import { transposed } from './fold.ts';
import type { LinearKernel } from './layers.ts';
import { quantised } from './quantise.ts';

/** All in float32. The matrix lies the way the runtime wants to pack it. */
const float: LinearKernel = (layers, x, { weight, bias }) => {
  const product = layers.graph.node('MatMul', [x, layers.parameter(transposed(weight))]);
  return bias ? layers.graph.node('Add', [product, layers.parameter(bias)]) : product;
};

/** Factors and sums in float16; the tokens stay float32, for some of their channels grow beyond what float16 holds. */
const half: LinearKernel = (layers, x, { weight, bias }) => {
  const product = layers.widen(
    layers.graph.node('MatMul', [layers.narrow(x), layers.halfParameter(transposed(weight))]),
  );
  return bias ? layers.graph.node('Add', [product, layers.parameter(bias)]) : product;
};

const MICROSOFT = { domain: 'com.microsoft' };

/**
 * Weights in int8 with one scale an output, activations in uint8 with one scale a tensor that is found while the model runs.
 * CPU only: no other provider of onnxruntime has these operators.
 */
function dynamicInt8(): LinearKernel {
  const inputs = new Map<string, readonly [Value, Value, Value]>();
  return ({ graph, parameter }, x, { weight, bias }) => {
    // Query, key and value read the same tokens: they are quantised once.
    let input = inputs.get(x.name);
    if (!input) {
      input = graph.nodes('DynamicQuantizeLinear', [x], 3) as [Value, Value, Value];
      inputs.set(x.name, input);
    }
    const [quantisedInput, inputScale, inputZero] = input;
    const { integers, scale } = quantised(weight);
    return graph.node(
      'MatMulIntegerToFloat',
      [
        quantisedInput,
        graph.initialiser(`${weight.name}.integers`, integers),
        inputScale,
        graph.initialiser(`${weight.name}.scale`, scale),
        inputZero,
        undefined,
        bias && parameter(bias),
      ],
      {},
      MICROSOFT,
    );
  };
}

/** A kernel may keep what it has made for one graph, so every graph has its own. */
export const linearKernels: Readonly<Record<Precision, () => LinearKernel>> = {
  fp32: () => float,
  fp16: () => half,
  int8: dynamicInt8,
};
