/** A Vision Transformer's blocks and outputs, from tokens on; what differs between families comes in as arguments. */

import type { Value } from '../../onnx/graph.ts';
import type { Layers, Linear, Norm } from '../layers.ts';
import { declareOutput, EMBEDDING, type LayerChoice, layerPrefix, PATCHES, REGISTERS } from '../outputs.ts';
import type { Parameter } from '../parameters.ts';
import type { ActivationName } from '../activations.ts';
import { attentionOf } from './attention.ts';

/** x += scale1 * attention(norm1(x)); x += scale2 * mlp(norm2(x)). */
export interface Block {
  readonly norm1: Norm;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly scale1: Parameter;
  readonly norm2: Norm;
  readonly up: Linear;
  /** down(activation(gate(x)) * up(x)) instead of down(activation(up(x))). */
  readonly gate: Linear | undefined;
  readonly down: Linear;
  readonly scale2: Parameter;
}

export interface Encoder {
  readonly dimension: number;
  readonly heads: number;
  readonly registers: number;
  readonly activation: ActivationName;
  readonly blocks: readonly Block[];
  readonly norm: Norm;
}

/** Rotates queries and keys [batch, tokens, dimension] by position. */
export type Rotate = (x: Value) => Value;

/** Tokens before the first block: [batch, 1 + registers + rows * columns, dimension], CLS first, patches row-major. */
export interface Tokens {
  readonly value: Value;
  /** Extents of the batch and the patch grid: int64 [1] each. */
  readonly batch: Value;
  readonly rows: Value;
  readonly columns: Value;
}

/** Slices to the end of an axis, whatever its length. */
const END = 2 ** 31 - 1;

/** Runs the blocks and declares all outputs. */
export function encode(
  layers: Layers,
  encoder: Encoder,
  tokens: Tokens,
  rotate: Rotate,
  choices: readonly LayerChoice[],
): void {
  let x = tokens.value;
  for (const [index, block] of encoder.blocks.entries()) {
    x = addBlock(layers, encoder, block, x, rotate);
    for (const choice of choices.filter((choice) => choice.index === index)) {
      const chosen = choice.normed ? layers.norm(x, encoder.norm) : x;
      declareTokens(layers, encoder, tokens, chosen, layerPrefix(choice));
    }
  }
  declareTokens(layers, encoder, tokens, layers.norm(x, encoder.norm), '');
}

function addBlock(layers: Layers, encoder: Encoder, block: Block, x: Value, rotate: Rotate): Value {
  const { graph, linear, norm, activation } = layers;
  const add = (a: Value, b: Value): Value => graph.node('Add', [a, b]);

  const attended = norm(x, block.norm1);
  const context = attentionOf[layers.attention](
    layers,
    rotate(linear(attended, block.query)),
    rotate(linear(attended, block.key)),
    linear(attended, block.value),
    { heads: encoder.heads, headDimension: encoder.dimension / encoder.heads },
  );
  const afterAttention = add(x, layers.scaledLinear(context, block.output, block.scale1));

  const normed = norm(afterAttention, block.norm2);
  const up = linear(normed, block.up);
  const hidden = block.gate
    ? graph.node('Mul', [activation(linear(normed, block.gate), encoder.activation), up])
    : activation(up, encoder.activation);
  return add(afterAttention, layers.scaledLinear(hidden, block.down, block.scale2));
}

/** Declares patch features [batch, rows, columns, dimension], embedding (CLS) [batch, dimension] and registers. */
function declareTokens(
  { graph, integers, shape }: Layers,
  { dimension, registers }: Encoder,
  { batch, rows, columns }: Tokens,
  x: Value,
  prefix: string,
): void {
  const axis = integers(1);
  const prefixTokens = 1 + registers;
  const patches = graph.node('Slice', [x, integers(prefixTokens), integers(END), axis]);
  const grid = graph.node('Reshape', [patches, shape(batch, rows, columns, integers(dimension))]);
  declareOutput(graph, grid, `${prefix}${PATCHES}`, ['batch', 'rows', 'columns', dimension]);
  const cls = graph.node('Slice', [x, integers(0), integers(1), axis]);
  const embedding = graph.node('Squeeze', [cls, axis]);
  declareOutput(graph, embedding, `${prefix}${EMBEDDING}`, ['batch', dimension]);
  if (registers > 0) {
    const registerTokens = graph.node('Slice', [x, axis, integers(prefixTokens), axis]);
    declareOutput(graph, registerTokens, `${prefix}${REGISTERS}`, ['batch', registers, dimension]);
  }
}
