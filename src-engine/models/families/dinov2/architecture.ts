/**
 * DINOv2 Vision Transformers (Oquab et al. 2024; registers: Darcet et al. 2024) as Hugging Face stores them, `model_type` dinov2 and
 * dinov2_with_registers. Positions follow the official code, from which Hugging Face's own differ without registers.
 */

import { z } from 'zod';
import { Failure } from '#shared/errors.ts';
import type { Architecture } from '../architecture.ts';
import { activation, epsilon, headDimensionOf, parseConfig, size, threeChannels } from '../config.ts';
import { reshaped, rowsOf, sum } from '../fold.ts';
import type { Linear, Norm } from '../layers.ts';
import type { Parameters } from '../parameters.ts';
import { embedPatches, withPrefix } from '../vit/embeddings.ts';
import { type Block, encode } from '../vit/encoder.ts';
import { positionsOf } from './position-embedding.ts';

const configSchema = z.object({
  model_type: z.enum(['dinov2', 'dinov2_with_registers']),
  hidden_size: size.default(768),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(12),
  mlp_ratio: z.number().positive().default(4),
  use_swiglu_ffn: z.boolean().default(false),
  patch_size: size.default(16),
  num_channels: threeChannels,
  num_register_tokens: z.int().nonnegative().default(4),
  layer_norm_eps: epsilon.default(1e-6),
  hidden_act: activation.default('gelu'),
  qkv_bias: z.boolean().default(true),
});

type Config = z.infer<typeof configSchema>;

/** @throws Failure `unreadable` when the configuration is incomplete or contradicts itself. */
export function dinov2(json: unknown): Architecture {
  const config = parseConfig(configSchema, json);
  const { hidden_size: dimension, num_attention_heads: heads } = config;
  headDimensionOf(dimension, heads, 1);
  const withRegisters = config.model_type === 'dinov2_with_registers';
  const registers = withRegisters ? config.num_register_tokens : 0;
  return {
    family: config.model_type,
    patch: config.patch_size,
    dimension,
    registers,
    depth: config.num_hidden_layers,
    epsilon: config.layer_norm_eps,
    build(layers, image, parameters, choices) {
      const { graph } = layers;
      const { cls, registerTokens, positions, patchWeight, patchBias } = embeddingsOf(
        parameters,
        config,
        registers,
      );
      const grid = embedPatches(layers, image, patchWeight, patchBias);
      const resampling = withRegisters ? 'antialias' : 'offset';
      const patchPositions = positionsOf(layers, positions, grid.rows, grid.columns, resampling);
      const placed = { ...grid, patches: graph.node('Add', [grid.patches, patchPositions]) };
      const tokens = withPrefix(layers, placed, cls, registerTokens);
      const encoder = {
        dimension,
        heads,
        registers,
        activation: config.use_swiglu_ffn ? ('silu' as const) : config.hidden_act,
        blocks: Array.from({ length: config.num_hidden_layers }, (_, n) => blockOf(parameters, config, n)),
        norm: normOf(parameters, 'layernorm', dimension),
      };
      parameters.assertAllUsed(/^encoder\.layer\./);
      encode(layers, encoder, tokens, (x) => x, choices);
    },
  };
}

/** The stored CLS position belongs to the CLS token at any image size, so it is added here; registers have none. */
function embeddingsOf(parameters: Parameters, config: Config, registers: number) {
  const { hidden_size: dimension, patch_size: patch } = config;
  const all = positionTable(parameters, dimension);
  const rows = all.shape[0]!;
  const side = Math.sqrt(rows - 1);
  const clsPosition = rowsOf(all, 0, 1, 'cls_position');
  return {
    cls: sum(
      parameters.get('embeddings.cls_token', [1, 1, dimension]),
      reshaped(clsPosition, [1, 1, dimension]),
    ),
    positions: reshaped(rowsOf(all, 1, rows, 'patch_positions'), [side, side, dimension]),
    registerTokens:
      registers > 0 ? parameters.get('embeddings.register_tokens', [1, registers, dimension]) : undefined,
    patchWeight: parameters.get('embeddings.patch_embeddings.projection.weight', [
      dimension,
      3,
      patch,
      patch,
    ]),
    patchBias: parameters.get('embeddings.patch_embeddings.projection.bias', [dimension]),
  };
}

/** [1 + M * M, dimension]: CLS, then a square grid. The tensor says how large; `image_size` only says what it was trained on. */
function positionTable(parameters: Parameters, dimension: number) {
  const name = 'embeddings.position_embeddings';
  const [, rows = 0] = parameters.shape(name);
  const side = Math.sqrt(rows - 1);
  if (!Number.isInteger(side) || side < 1) {
    throw new Failure(
      'unreadable',
      `Tensor ${name} has ${rows} rows, which is not one more than a square grid has.`,
    );
  }
  return reshaped(parameters.get(name, [1, rows, dimension]), [rows, dimension]);
}

function normOf(parameters: Parameters, name: string, dimension: number): Norm {
  return {
    weight: parameters.get(`${name}.weight`, [dimension]),
    bias: parameters.get(`${name}.bias`, [dimension]),
  };
}

/** Width inside the MLP: the official rule keeps a gated MLP's cost near that of a plain one, in multiples of 8. */
function hiddenSize({ hidden_size: dimension, mlp_ratio: ratio, use_swiglu_ffn: gated }: Config): number {
  const plain = Math.floor(dimension * ratio);
  return gated ? Math.floor((Math.floor((plain * 2) / 3) + 7) / 8) * 8 : plain;
}

function blockOf(parameters: Parameters, config: Config, n: number): Block {
  const dimension = config.hidden_size;
  const linear = (name: string, outputs: number, inputs: number, hasBias = true): Linear => ({
    weight: parameters.get(`encoder.layer.${n}.${name}.weight`, [outputs, inputs]),
    bias: hasBias ? parameters.get(`encoder.layer.${n}.${name}.bias`, [outputs]) : undefined,
  });
  const projection = (name: string, hasBias: boolean): Linear =>
    linear(`attention.${name}`, dimension, dimension, hasBias);
  const scale = (name: string) => parameters.get(`encoder.layer.${n}.${name}.lambda1`, [dimension]);
  return {
    norm1: normOf(parameters, `encoder.layer.${n}.norm1`, dimension),
    query: projection('attention.query', config.qkv_bias),
    key: projection('attention.key', config.qkv_bias),
    value: projection('attention.value', config.qkv_bias),
    output: projection('output.dense', true),
    scale1: scale('layer_scale1'),
    norm2: normOf(parameters, `encoder.layer.${n}.norm2`, dimension),
    ...mlpOf(linear, config),
    scale2: scale('layer_scale2'),
  };
}

type LinearOf = (name: string, outputs: number, inputs: number) => Linear;

function mlpOf(linear: LinearOf, config: Config): Pick<Block, 'up' | 'gate' | 'down'> {
  const dimension = config.hidden_size;
  const hidden = hiddenSize(config);
  if (!config.use_swiglu_ffn) {
    return {
      up: linear('mlp.fc1', hidden, dimension),
      gate: undefined,
      down: linear('mlp.fc2', dimension, hidden),
    };
  }
  const both = linear('mlp.weights_in', 2 * hidden, dimension);
  return {
    gate: rowsOfLinear(both, 0, hidden, 'gate'),
    up: rowsOfLinear(both, hidden, 2 * hidden, 'up'),
    down: linear('mlp.weights_out', dimension, hidden),
  };
}

function rowsOfLinear({ weight, bias }: Linear, begin: number, end: number, name: string): Linear {
  return {
    weight: rowsOf(weight, begin, end, `${weight.name}.${name}`),
    bias: bias && rowsOf(bias, begin, end, `${bias.name}.${name}`),
  };
}
