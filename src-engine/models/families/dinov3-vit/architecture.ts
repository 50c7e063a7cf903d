/**
 * DINOv3 Vision Transformers (Simeoni et al. 2025) as Hugging Face stores them, `model_type` dinov3_vit: plain and gated MLP,
 * any choice of biases, registers, axial RoPE. One final norm for CLS and patches alike.
 */

import { z } from 'zod';
import type { Architecture } from '../architecture.ts';
import {
  activation,
  epsilon,
  headDimensionOf,
  parseConfig,
  refuseConfig,
  size,
  threeChannels,
} from '../config.ts';
import type { Linear, Norm } from '../layers.ts';
import type { Parameters } from '../parameters.ts';
import { embedPatches, withPrefix } from '../vit/embeddings.ts';
import { type Block, encode } from '../vit/encoder.ts';
import { rotaryPositions } from './rope.ts';

/** Defaults are those of the configuration class, for fields that a file leaves out. */
const configSchema = z.object({
  hidden_size: size.default(384),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(6),
  intermediate_size: size.default(1536),
  patch_size: size.default(16),
  num_channels: threeChannels,
  num_register_tokens: z.int().nonnegative().default(0),
  rope_theta: z.number().positive().default(100),
  layer_norm_eps: epsilon.default(1e-5),
  use_gated_mlp: z.boolean().default(false),
  hidden_act: activation.default('gelu'),
  query_bias: z.boolean().default(true),
  key_bias: z.boolean().default(false),
  value_bias: z.boolean().default(true),
  proj_bias: z.boolean().default(true),
  mlp_bias: z.boolean().default(true),
  untie_cls_and_patch_norms: z.boolean().default(false),
});

type Config = z.infer<typeof configSchema>;

/** A quarter of a head's channels for each of sine and cosine of each axis. */
const HEAD_STEP = 4;

/** @throws Failure `unreadable` when the configuration is incomplete or contradicts itself. */
export function dinov3Vit(json: unknown): Architecture {
  const config = parseConfig(configSchema, json);
  const headDimension = headDimensionOf(config.hidden_size, config.num_attention_heads, HEAD_STEP);
  if (config.untie_cls_and_patch_norms) {
    throw refuseConfig(
      'asks for separate norms of CLS and patches, which no released model has and Nidus does not build',
    );
  }
  const dimension = config.hidden_size;
  const registers = config.num_register_tokens;
  return {
    family: 'dinov3_vit',
    patch: config.patch_size,
    dimension,
    registers,
    depth: config.num_hidden_layers,
    epsilon: config.layer_norm_eps,
    build(layers, image, parameters, choices) {
      const { cls, registerTokens, patchWeight, patchBias } = embeddingsOf(parameters, config);
      const grid = embedPatches(layers, image, patchWeight, patchBias);
      const tokens = withPrefix(layers, grid, cls, registerTokens);
      const rotate = rotaryPositions(layers, grid.rows, grid.columns, {
        heads: config.num_attention_heads,
        headDimension,
        theta: config.rope_theta,
        prefixTokens: 1 + registers,
      });
      const encoder = {
        dimension,
        registers,
        heads: config.num_attention_heads,
        activation: config.hidden_act,
        blocks: Array.from({ length: config.num_hidden_layers }, (_, n) => blockOf(parameters, config, n)),
        norm: normOf(parameters, 'norm', dimension),
      };
      parameters.assertAllUsed(/^layer\./);
      encode(layers, encoder, tokens, rotate, choices);
    },
  };
}

function embeddingsOf(parameters: Parameters, config: Config) {
  const { hidden_size: dimension, num_register_tokens: registers, patch_size: patch } = config;
  return {
    cls: parameters.get('embeddings.cls_token', [1, 1, dimension]),
    registerTokens:
      registers > 0 ? parameters.get('embeddings.register_tokens', [1, registers, dimension]) : undefined,
    patchWeight: parameters.get('embeddings.patch_embeddings.weight', [dimension, 3, patch, patch]),
    patchBias: parameters.get('embeddings.patch_embeddings.bias', [dimension]),
  };
}

function normOf(parameters: Parameters, name: string, dimension: number): Norm {
  return {
    weight: parameters.get(`${name}.weight`, [dimension]),
    bias: parameters.get(`${name}.bias`, [dimension]),
  };
}

function blockOf(parameters: Parameters, config: Config, n: number): Block {
  const { hidden_size: dimension, intermediate_size: hidden } = config;
  const linear = (name: string, outputs: number, inputs: number, hasBias: boolean): Linear => ({
    weight: parameters.get(`layer.${n}.${name}.weight`, [outputs, inputs]),
    bias: hasBias ? parameters.get(`layer.${n}.${name}.bias`, [outputs]) : undefined,
  });
  const projection = (name: string, hasBias: boolean): Linear =>
    linear(`attention.${name}`, dimension, dimension, hasBias);
  return {
    norm1: normOf(parameters, `layer.${n}.norm1`, dimension),
    query: projection('q_proj', config.query_bias),
    key: projection('k_proj', config.key_bias),
    value: projection('v_proj', config.value_bias),
    output: projection('o_proj', config.proj_bias),
    scale1: parameters.get(`layer.${n}.layer_scale1.lambda1`, [dimension]),
    norm2: normOf(parameters, `layer.${n}.norm2`, dimension),
    up: linear('mlp.up_proj', hidden, dimension, config.mlp_bias),
    gate: config.use_gated_mlp ? linear('mlp.gate_proj', hidden, dimension, config.mlp_bias) : undefined,
    down: linear('mlp.down_proj', dimension, hidden, config.mlp_bias),
    scale2: parameters.get(`layer.${n}.layer_scale2.lambda1`, [dimension]),
  };
}
