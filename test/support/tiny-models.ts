/** Tiny models with seeded random weights, laid out as Hugging Face does. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { byteCharacters } from '#engine/models/text/byte-pairs.ts';
import { createRandom } from '#shared/random.ts';
import { f32, type StoredTensor, type Tensors, writeSafetensors } from './safetensors.ts';

export interface TinyModel {
  readonly config: Readonly<Record<string, unknown>>;
  readonly tensors: Tensors;
}

export interface VitSize {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly intermediate: number;
  readonly patch: number;
  readonly registers: number;
}

const smallVit: VitSize = { hidden: 16, layers: 2, heads: 2, intermediate: 24, patch: 4, registers: 2 };

/** Adds random tensors by name; spread and centre are such that every one of them shows in the output. */
function tensorMaker(seed: number) {
  const random = createRandom(seed);
  const tensors: Record<string, StoredTensor> = {};
  const add = (name: string, shape: readonly number[], spread: number, centre = 0): void => {
    const count = shape.reduce((product, extent) => product * extent, 1);
    const values = Array.from({ length: count }, () => centre + spread * (2 * random.next() - 1));
    tensors[name] = f32(shape, values);
  };
  return {
    tensors,
    add,
    norm(name: string, width: number): void {
      add(`${name}.weight`, [width], 0.5, 1);
      add(`${name}.bias`, [width], 0.5);
    },
    linear(name: string, outputs: number, inputs: number, bias = true): void {
      add(`${name}.weight`, [outputs, inputs], 2 / Math.sqrt(inputs));
      if (bias) add(`${name}.bias`, [outputs], 0.5);
    },
  };
}

export interface Dinov3Options {
  readonly query_bias: boolean;
  readonly key_bias: boolean;
  readonly value_bias: boolean;
  readonly proj_bias: boolean;
  readonly mlp_bias: boolean;
  readonly use_gated_mlp: boolean;
  readonly hidden_act: string;
  readonly rope_theta: number;
  readonly layer_norm_eps: number;
}

const releasedOptions: Dinov3Options = {
  query_bias: true,
  key_bias: false,
  value_bias: true,
  proj_bias: true,
  mlp_bias: true,
  use_gated_mlp: false,
  hidden_act: 'gelu',
  rope_theta: 100,
  layer_norm_eps: 1e-5,
};

export function tinyDinov3(
  seed: number,
  size: Partial<VitSize> = {},
  changed: Partial<Dinov3Options> = {},
): TinyModel {
  const { hidden, layers, heads, intermediate, patch, registers } = { ...smallVit, ...size };
  const options = { ...releasedOptions, ...changed };
  const { tensors, add, norm, linear } = tensorMaker(seed);
  add('embeddings.cls_token', [1, 1, hidden], 0.5);
  add('embeddings.mask_token', [1, 1, hidden], 0.5);
  if (registers > 0) add('embeddings.register_tokens', [1, registers, hidden], 0.5);
  add('embeddings.patch_embeddings.weight', [hidden, 3, patch, patch], 0.3);
  add('embeddings.patch_embeddings.bias', [hidden], 0.3);
  for (let n = 0; n < layers; n++) {
    const layer = `layer.${n}`;
    norm(`${layer}.norm1`, hidden);
    linear(`${layer}.attention.q_proj`, hidden, hidden, options.query_bias);
    linear(`${layer}.attention.k_proj`, hidden, hidden, options.key_bias);
    linear(`${layer}.attention.v_proj`, hidden, hidden, options.value_bias);
    linear(`${layer}.attention.o_proj`, hidden, hidden, options.proj_bias);
    add(`${layer}.layer_scale1.lambda1`, [hidden], 0.5, 0.8);
    norm(`${layer}.norm2`, hidden);
    if (options.use_gated_mlp) linear(`${layer}.mlp.gate_proj`, intermediate, hidden, options.mlp_bias);
    linear(`${layer}.mlp.up_proj`, intermediate, hidden, options.mlp_bias);
    linear(`${layer}.mlp.down_proj`, hidden, intermediate, options.mlp_bias);
    add(`${layer}.layer_scale2.lambda1`, [hidden], 0.5, 0.8);
  }
  norm('norm', hidden);
  return {
    config: {
      model_type: 'dinov3_vit',
      hidden_size: hidden,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      intermediate_size: intermediate,
      patch_size: patch,
      num_register_tokens: registers,
      ...options,
    },
    tensors,
  };
}

export interface ClipSize {
  readonly hidden: number;
  readonly layers: number;
  readonly heads: number;
  readonly projection: number;
}

/** A text tower with the vocabulary of `tinyVocabulary`. */
export function tinyClip(seed: number, size: Partial<ClipSize> = {}): TinyModel {
  const { hidden, layers, heads, projection } = { hidden: 16, layers: 2, heads: 2, projection: 12, ...size };
  const { tensors, add, norm, linear } = tensorMaker(seed);
  const vocabulary = Object.keys(tinyVocabulary().ids).length;
  add('text_model.embeddings.token_embedding.weight', [vocabulary, hidden], 1);
  add('text_model.embeddings.position_embedding.weight', [77, hidden], 0.5);
  for (let n = 0; n < layers; n++) {
    const layer = `text_model.encoder.layers.${n}`;
    norm(`${layer}.layer_norm1`, hidden);
    for (const name of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      linear(`${layer}.self_attn.${name}`, hidden, hidden);
    norm(`${layer}.layer_norm2`, hidden);
    linear(`${layer}.mlp.fc1`, 2 * hidden, hidden);
    linear(`${layer}.mlp.fc2`, hidden, 2 * hidden);
  }
  norm('text_model.final_layer_norm', hidden);
  linear('text_projection', projection, hidden, false);
  return {
    config: {
      model_type: 'clip_text_model',
      vocab_size: vocabulary,
      hidden_size: hidden,
      intermediate_size: 2 * hidden,
      projection_dim: projection,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      eos_token_id: 2,
    },
    tensors,
  };
}

/** A byte-pair vocabulary with a handful of merges, in the form of `vocab.json` and `merges.txt`. */
export function tinyVocabulary(): { ids: Record<string, number>; merges: string } {
  const pairs = ['i n', 't h', 'a n', 'o r', 'th e</w>', 'c r', 'cr a', 'cra c', 'crac k</w>'];
  const symbols = [
    ...byteCharacters,
    ...byteCharacters.map((character) => `${character}</w>`),
    ...pairs.map((pair) => pair.replace(' ', '')),
    '<|startoftext|>',
    '<|endoftext|>',
  ];
  const ids = Object.fromEntries(symbols.map((symbol, id) => [symbol, id]));
  return { ids, merges: ['#version: 0.2', ...pairs, ''].join('\n') };
}

/** Writes a tiny text encoder with its vocabulary. */
export function writeTinyClip(folder: string, seed: number, size: Partial<ClipSize> = {}): void {
  writeModelFolder(folder, tinyClip(seed, size));
  const { ids, merges } = tinyVocabulary();
  writeFileSync(join(folder, 'vocab.json'), JSON.stringify(ids));
  writeFileSync(join(folder, 'merges.txt'), merges);
}

export interface Dinov2Options {
  readonly swiglu: boolean;
  /** Edge of the stored position grid. */
  readonly grid: number;
}

/** Registers decide the family, as they do for the released models. */
export function tinyDinov2(
  seed: number,
  size: Partial<VitSize> = {},
  { swiglu = false, grid = 3 }: Partial<Dinov2Options> = {},
): TinyModel {
  const { hidden, layers, heads, patch, registers } = { ...smallVit, ...size };
  const plainWidth = 2 * hidden;
  const gatedWidth = Math.floor((Math.floor((plainWidth * 2) / 3) + 7) / 8) * 8;
  const { tensors, add, norm, linear } = tensorMaker(seed);
  add('embeddings.cls_token', [1, 1, hidden], 0.5);
  add('embeddings.mask_token', [1, hidden], 0.5);
  add('embeddings.position_embeddings', [1, 1 + grid ** 2, hidden], 0.5);
  if (registers > 0) add('embeddings.register_tokens', [1, registers, hidden], 0.5);
  add('embeddings.patch_embeddings.projection.weight', [hidden, 3, patch, patch], 0.3);
  add('embeddings.patch_embeddings.projection.bias', [hidden], 0.3);
  for (let n = 0; n < layers; n++) {
    const layer = `encoder.layer.${n}`;
    norm(`${layer}.norm1`, hidden);
    for (const name of ['query', 'key', 'value'])
      linear(`${layer}.attention.attention.${name}`, hidden, hidden);
    linear(`${layer}.attention.output.dense`, hidden, hidden);
    add(`${layer}.layer_scale1.lambda1`, [hidden], 0.5, 0.8);
    norm(`${layer}.norm2`, hidden);
    linear(`${layer}.mlp.${swiglu ? 'weights_in' : 'fc1'}`, swiglu ? 2 * gatedWidth : plainWidth, hidden);
    linear(`${layer}.mlp.${swiglu ? 'weights_out' : 'fc2'}`, hidden, swiglu ? gatedWidth : plainWidth);
    add(`${layer}.layer_scale2.lambda1`, [hidden], 0.5, 0.8);
  }
  norm('layernorm', hidden);
  return {
    config: {
      model_type: registers > 0 ? 'dinov2_with_registers' : 'dinov2',
      hidden_size: hidden,
      num_hidden_layers: layers,
      num_attention_heads: heads,
      mlp_ratio: 2,
      patch_size: patch,
      image_size: grid * patch,
      layer_norm_eps: 1e-6,
      use_swiglu_ffn: swiglu,
      ...(registers > 0 ? { num_register_tokens: registers } : {}),
    },
    tensors,
  };
}

export function tinyConvNext(seed: number, depths: readonly number[], widths: readonly number[]): TinyModel {
  const { tensors, add, norm, linear } = tensorMaker(seed);
  const convolution = (name: string, shape: readonly [number, ...number[]]): void => {
    add(
      `${name}.weight`,
      shape,
      2 / Math.sqrt(shape.slice(1).reduce((product, extent) => product * extent, 1)),
    );
    add(`${name}.bias`, [shape[0]], 0.3);
  };
  for (const [stage, depth] of depths.entries()) {
    const width = widths[stage]!;
    const before = widths[stage - 1];
    const name = `stages.${stage}`;
    if (before === undefined) {
      convolution(`${name}.downsample_layers.0`, [width, 3, 4, 4]);
      norm(`${name}.downsample_layers.1`, width);
    } else {
      norm(`${name}.downsample_layers.0`, before);
      convolution(`${name}.downsample_layers.1`, [width, before, 2, 2]);
    }
    for (let n = 0; n < depth; n++) {
      convolution(`${name}.layers.${n}.depthwise_conv`, [width, 1, 7, 7]);
      norm(`${name}.layers.${n}.layer_norm`, width);
      linear(`${name}.layers.${n}.pointwise_conv1`, 4 * width, width);
      linear(`${name}.layers.${n}.pointwise_conv2`, width, 4 * width);
      add(`${name}.layers.${n}.gamma`, [width], 0.5, 0.8);
    }
  }
  norm('layer_norm', widths.at(-1)!);
  return { config: { model_type: 'dinov3_convnext', depths, hidden_sizes: widths }, tensors };
}

/** Writes `config.json` and `model.safetensors`; gives the folder. */
export function writeModelFolder(folder: string, { config, tensors }: TinyModel): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  writeSafetensors(join(folder, 'model.safetensors'), tensors);
  return folder;
}
