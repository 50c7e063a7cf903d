/** Softmax attention over all tokens, in two forms that give the same numbers. */

import { real, type Value } from '../../onnx/graph.ts';
import type { AttentionForm, Layers } from '../layers.ts';

export interface AttentionOptions {
  readonly heads: number;
  readonly headDimension: number;
}

/** softmax(q k^T / sqrt(d)) v for each head; all [batch, tokens, dimension], a head's channels side by side. */
export type Attention = (
  layers: Layers,
  query: Value,
  key: Value,
  value: Value,
  options: AttentionOptions,
) => Value;

const fused: Attention = ({ graph, narrow, widen }, query, key, value, { heads, headDimension }) =>
  widen(
    graph.node(
      'MultiHeadAttention',
      [narrow(query), narrow(key), narrow(value)],
      { num_heads: heads, scale: real(headDimension ** -0.5) },
      { domain: 'com.microsoft' },
    ),
  );

const plain: Attention = (layers, query, key, value, { heads, headDimension }) => {
  const { graph, integers, scalar, narrow } = layers;
  const split = (x: Value, perm: readonly number[]): Value =>
    graph.node('Transpose', [graph.node('Reshape', [x, integers(0, 0, heads, headDimension)])], { perm });
  const scaledQuery = narrow(graph.node('Mul', [query, scalar(headDimension ** -0.5)]));
  const scores = graph.node('MatMul', [split(scaledQuery, [0, 2, 1, 3]), split(narrow(key), [0, 2, 3, 1])]);
  const weights = graph.node('Softmax', [scores], { axis: -1 });
  const context = graph.node('MatMul', [weights, split(narrow(value), [0, 2, 1, 3])]);
  const merged = graph.node('Transpose', [context], { perm: [0, 2, 1, 3] });
  return layers.widen(graph.node('Reshape', [merged, integers(0, 0, heads * headDimension)]));
};

/**
 * `fused`: one operator that never holds the matrix of all pairs; a tenth to a sixth faster on the CPU (onnxruntime 1.30, 448 and
 * 672 pixels). Its WebGPU shader is wrong on adapters that run fewer than eight lanes together, which software ones do.
 * `plain`: products and a softmax, right on every provider.
 */
export const attentionOf: Readonly<Record<AttentionForm, Attention>> = { fused, plain };
