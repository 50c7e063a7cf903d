/** Softmax attention over all tokens, in two forms that give the same numbers. */

import { real, type Value } from '../../onnx/graph.ts';
import { int64 } from '../../onnx/tensors.ts';
import type { AttentionForm, Layers } from '../layers.ts';

export interface AttentionOptions {
  readonly heads: number;
  readonly headDimension: number;
  /** Whether a token sees none of those after it. */
  readonly isCausal?: boolean;
}

/** softmax(q k^T / sqrt(d)) v for each head; all [batch, tokens, dimension], a head's channels side by side. */
export type Attention = (
  layers: Layers,
  query: Value,
  key: Value,
  value: Value,
  options: AttentionOptions,
) => Value;

const fused: Attention = (
  { graph, narrow, widen },
  query,
  key,
  value,
  { heads, headDimension, isCausal = false },
) =>
  widen(
    graph.node(
      'MultiHeadAttention',
      [narrow(query), narrow(key), narrow(value)],
      { num_heads: heads, scale: real(headDimension ** -0.5), ...(isCausal ? { unidirectional: 1 } : {}) },
      { domain: 'com.microsoft' },
    ),
  );

const plain: Attention = (layers, query, key, value, { heads, headDimension, isCausal = false }) => {
  const { graph, integers, scalar, narrow } = layers;
  const split = (x: Value, perm: readonly number[]): Value =>
    graph.node('Transpose', [graph.node('Reshape', [x, integers(0, 0, heads, headDimension)])], { perm });
  const scaledQuery = narrow(graph.node('Mul', [query, scalar(headDimension ** -0.5)]));
  const scores = graph.node('MatMul', [split(scaledQuery, [0, 2, 1, 3]), split(narrow(key), [0, 2, 3, 1])]);
  const weights = graph.node('Softmax', [isCausal ? hideLater(layers, scores) : scores], { axis: -1 });
  const context = graph.node('MatMul', [weights, split(narrow(value), [0, 2, 1, 3])]);
  const merged = graph.node('Transpose', [context], { perm: [0, 2, 1, 3] });
  return layers.widen(graph.node('Reshape', [merged, integers(0, 0, heads * headDimension)]));
};

/** Low enough that its exponential is 0, and finite. */
const HIDDEN = -1e30;

/** Scores [.., tokens, tokens] with those of later tokens hidden. */
function hideLater({ graph, scalar, extent, shape }: Layers, scores: Value): Value {
  const tokens = extent(scores, 2);
  const hidden = graph.node('Expand', [scalar(HIDDEN), shape(tokens, tokens)]);
  return graph.node('Add', [scores, graph.node('Trilu', [hidden, graph.constant(int64([1], []))])]);
}

/**
 * `fused`: one operator that never holds the matrix of all pairs; a tenth to a sixth faster on the CPU (onnxruntime 1.30, 448 and
 * 672 pixels). Its WebGPU shader is wrong on adapters that run fewer than eight lanes together, which software ones do.
 * `plain`: products and a softmax, right on every provider.
 */
export const attentionOf: Readonly<Record<AttentionForm, Attention>> = { fused, plain };
