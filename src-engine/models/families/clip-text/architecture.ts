/**
 * The text tower of CLIP (Radford et al. 2021) as Hugging Face stores it, alone (`model_type` clip_text_model) or in one file
 * with the image tower (`model_type` clip): pre-norm blocks, causal attention, the state at the end of the text through the
 * final norm and a projection without bias.
 */

import { z } from 'zod';
import { Failure } from '#shared/errors.ts';
import { activation, epsilon, headDimensionOf, parseConfig, size } from '../config.ts';
import { attentionOf } from '../vit/attention.ts';
import type { Value } from '../../onnx/graph.ts';
import type { Layers, Linear, Norm } from '../layers.ts';
import type { Parameter, Parameters } from '../parameters.ts';
import { declareTextOutput, TEXT_OUTPUTS } from './outputs.ts';

export const clipFamilies = ['clip', 'clip_text_model'] as const;

/** Defaults are those of the configuration class, for fields that a file leaves out. */
const textSchema = z.object({
  hidden_size: size.default(512),
  intermediate_size: size.default(2048),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(8),
  max_position_embeddings: size.default(77),
  vocab_size: size.default(49_408),
  hidden_act: activation.default('quick_gelu'),
  layer_norm_eps: epsilon.default(1e-5),
  eos_token_id: z.int().nullable().default(null),
});

type Config = z.infer<typeof textSchema>;

const modelSchema = z.object({ model_type: z.enum(clipFamilies), text_config: z.unknown().optional() });

/** What the first published configurations say for the end of the text: no token of CLIP, kept by the files of OpenAI. */
const LEGACY_END_OF_TEXT = 2;

const PROJECTION = 'text_projection.weight';

export interface TextArchitecture {
  readonly family: 'clip_text_model';
  /** Ids of a text at most, start and end included. */
  readonly contextLength: number;
  readonly vocabularySize: number;
  readonly epsilon: number;
  readonly layers: number;
  /**
   * Adds the model from its input [batch, tokens] on and declares its outputs. Gives the width of the text vectors.
   * @throws Failure `unreadable` that names a tensor which is missing or has another shape.
   */
  build(layers: Layers, ids: Value, parameters: Parameters): number;
}

/** @throws Failure `unreadable` when the configuration is incomplete or contradicts itself. */
export function clipText(json: unknown): TextArchitecture {
  const model = parseConfig(modelSchema, json);
  const config = parseConfig(textSchema, model.model_type === 'clip' ? (model.text_config ?? {}) : json);
  headDimensionOf(config.hidden_size, config.num_attention_heads, 1);
  return {
    family: 'clip_text_model',
    contextLength: config.max_position_embeddings,
    vocabularySize: config.vocab_size,
    epsilon: config.layer_norm_eps,
    layers: config.num_hidden_layers,
    build: (layers, ids, parameters) => build(layers, ids, parameters, config),
  };
}

function build(layers: Layers, ids: Value, parameters: Parameters, config: Config): number {
  const { graph, integers, extent } = layers;
  const { hidden_size: width } = config;
  if (!parameters.has(PROJECTION)) {
    throw new Failure(
      'unreadable',
      `The weights hold no ${PROJECTION}: without it the text vectors are not comparable with image features. Take a model saved with its projection.`,
    );
  }
  const projection = parameters.get(PROJECTION, [parameters.shape(PROJECTION)[0] ?? 0, width]);

  const embedding = (name: string, rows: number): Value =>
    layers.parameter(parameters.get(`text_model.embeddings.${name}.weight`, [rows, width]));
  const tokens = graph.node('Gather', [embedding('token_embedding', config.vocab_size), ids]);
  const positions = graph.node('Slice', [
    embedding('position_embedding', config.max_position_embeddings),
    integers(0),
    extent(ids, 1),
    integers(0),
  ]);
  let x = graph.node('Add', [tokens, positions]);
  declareTextOutput(graph, x, TEXT_OUTPUTS.state(0), width);
  for (let n = 0; n < config.num_hidden_layers; n++) {
    x = addBlock(layers, x, blockOf(parameters, config, n), config);
    declareTextOutput(graph, x, TEXT_OUTPUTS.state(n + 1), width);
  }
  parameters.assertAllUsed(/^text_model\.encoder\.layers\./);

  const states = layers.norm(x, normOf(parameters, 'text_model.final_layer_norm', width));
  declareTextOutput(graph, states, TEXT_OUTPUTS.lastState, width);
  const position = endOfText(layers, ids, config.eos_token_id);
  declareTextOutput(graph, position, TEXT_OUTPUTS.position, null);
  const pooled = graph.node('GatherND', [states, graph.node('Unsqueeze', [position, integers(1)])], {
    batch_dims: 1,
  });
  declareTextOutput(graph, pooled, TEXT_OUTPUTS.pooled, width);
  const vectors = layers.linear(pooled, { weight: projection, bias: undefined });
  declareTextOutput(graph, vectors, TEXT_OUTPUTS.embedding, projection.shape[0]!);
  return projection.shape[0]!;
}

/**
 * Position of the end of each text, int64 [batch]: the first that holds `eos_token_id`; the first of the largest id where the
 * configuration has the legacy value or none, as the official code does.
 */
function endOfText({ graph, integers }: Layers, ids: Value, eos: number | null): Value {
  const INT32 = 6;
  const candidates =
    eos === null || eos === LEGACY_END_OF_TEXT ? ids : graph.node('Equal', [ids, integers(eos)]);
  const numbers = graph.node('Cast', [candidates], { to: INT32 });
  return graph.node('ArgMax', [numbers], { axis: 1, keepdims: 0, select_last_index: 0 });
}

interface Block {
  readonly norm1: Norm;
  readonly query: Linear;
  readonly key: Linear;
  readonly value: Linear;
  readonly output: Linear;
  readonly norm2: Norm;
  readonly up: Linear;
  readonly down: Linear;
}

const normOf = (parameters: Parameters, name: string, width: number): Norm => ({
  weight: parameters.get(`${name}.weight`, [width]),
  bias: parameters.get(`${name}.bias`, [width]),
});

function blockOf(parameters: Parameters, config: Config, n: number): Block {
  const { hidden_size: width, intermediate_size: hidden } = config;
  const layer = `text_model.encoder.layers.${n}`;
  const linear = (name: string, outputs: number, inputs: number): Linear => {
    const weight: Parameter = parameters.get(`${layer}.${name}.weight`, [outputs, inputs]);
    return { weight, bias: parameters.get(`${layer}.${name}.bias`, [outputs]) };
  };
  return {
    norm1: normOf(parameters, `${layer}.layer_norm1`, width),
    query: linear('self_attn.q_proj', width, width),
    key: linear('self_attn.k_proj', width, width),
    value: linear('self_attn.v_proj', width, width),
    output: linear('self_attn.out_proj', width, width),
    norm2: normOf(parameters, `${layer}.layer_norm2`, width),
    up: linear('mlp.fc1', hidden, width),
    down: linear('mlp.fc2', width, hidden),
  };
}

function addBlock(layers: Layers, x: Value, block: Block, config: Config): Value {
  const { graph, linear, norm } = layers;
  const heads = config.num_attention_heads;
  const attended = norm(x, block.norm1);
  const context = attentionOf[layers.attention](
    layers,
    linear(attended, block.query),
    linear(attended, block.key),
    linear(attended, block.value),
    { heads, headDimension: config.hidden_size / heads, isCausal: true },
  );
  const afterAttention = graph.node('Add', [x, linear(context, block.output)]);
  const hidden = layers.activation(linear(norm(afterAttention, block.norm2), block.up), config.hidden_act);
  return graph.node('Add', [afterAttention, linear(hidden, block.down)]);
}
