/**
 * DINOv3 ConvNeXt (Liu et al. 2022; distilled as in Simeoni et al. 2025) as Hugging Face stores it, `model_type`
 * dinov3_convnext. Features stay channels last; only convolutions see them channels first.
 */

import { z } from 'zod';
import type { Value } from '../../onnx/graph.ts';
import type { ActivationName } from '../activations.ts';
import type { Architecture } from '../architecture.ts';
import { activation, epsilon, parseConfig, refuseConfig, size, threeChannels } from '../config.ts';
import type { Convolution, Layers, Norm } from '../layers.ts';
import { declareOutput, EMBEDDING, layerPrefix, PATCHES } from '../outputs.ts';
import type { Parameters } from '../parameters.ts';

const configSchema = z.object({
  depths: z.array(size).min(1).default([3, 3, 9, 3]),
  hidden_sizes: z.array(size).min(1).default([96, 192, 384, 768]),
  layer_norm_eps: epsilon.default(1e-6),
  hidden_act: activation.default('gelu'),
  num_channels: threeChannels,
});

/** Edge and stride of the first convolution, and of those between stages. */
const STEM = 4;
const DOWNSAMPLING = 2;

/** Edge of the depthwise convolutions. */
const KERNEL = 7;

/** Width inside a block, in multiples of its channels. */
const EXPANSION = 4;

/** @throws Failure `unreadable` when the configuration is incomplete or contradicts itself. */
export function dinov3ConvNext(json: unknown): Architecture {
  const { depths, hidden_sizes: widths, hidden_act, ...config } = parseConfig(configSchema, json);
  if (depths.length !== widths.length) {
    throw refuseConfig(`gives depths of ${depths.length} stages but hidden_sizes of ${widths.length}`);
  }
  const lastStage = depths.length - 1;
  const dimension = widths[lastStage]!;
  return {
    family: 'dinov3_convnext',
    patch: STEM * DOWNSAMPLING ** lastStage,
    dimension,
    registers: 0,
    depth: depths.length,
    epsilon: config.layer_norm_eps,
    build(layers, image, parameters, choices) {
      const norm = normOf(parameters, 'layer_norm', dimension);
      let x = image;
      for (const [stage, depth] of depths.entries()) {
        const width = widths[stage]!;
        x =
          stage === 0 ? stem(layers, parameters, x, width) : downsample(layers, parameters, x, stage, widths);
        for (let n = 0; n < depth; n++) {
          x = addBlock(layers, parameters, x, {
            name: `stages.${stage}.layers.${n}`,
            width,
            activation: hidden_act,
          });
        }
        for (const choice of choices.filter(({ index }) => index === stage)) {
          const chosenNorm = choice.normed && stage === lastStage ? norm : undefined;
          declareStage(layers, x, width, chosenNorm, layerPrefix(choice), `_${stage}`);
        }
      }
      declareStage(layers, x, dimension, norm, '', '');
      parameters.assertAllUsed(/^stages\./);
    },
  };
}

function normOf(parameters: Parameters, name: string, width: number): Norm {
  return { weight: parameters.get(`${name}.weight`, [width]), bias: parameters.get(`${name}.bias`, [width]) };
}

const channelsLast = ({ graph }: Layers, x: Value): Value =>
  graph.node('Transpose', [x], { perm: [0, 2, 3, 1] });
const channelsFirst = ({ graph }: Layers, x: Value): Value =>
  graph.node('Transpose', [x], { perm: [0, 3, 1, 2] });

function convolutionOf(
  parameters: Parameters,
  name: string,
  shape: readonly [number, number, number, number],
): Convolution {
  return {
    weight: parameters.get(`${name}.weight`, shape),
    bias: parameters.get(`${name}.bias`, [shape[0]]),
  };
}

/** [batch, 3, h, w] -> [batch, h / 4, w / 4, width]: convolution, then norm. */
function stem(layers: Layers, parameters: Parameters, image: Value, width: number): Value {
  const name = 'stages.0.downsample_layers';
  const convolution = convolutionOf(parameters, `${name}.0`, [width, 3, STEM, STEM]);
  const map = layers.convolution(image, { ...convolution, stride: STEM });
  return layers.norm(channelsLast(layers, map), normOf(parameters, `${name}.1`, width));
}

/** [batch, h, w, before] -> [batch, h / 2, w / 2, after]: norm, then convolution. */
function downsample(
  layers: Layers,
  parameters: Parameters,
  x: Value,
  stage: number,
  widths: readonly number[],
): Value {
  const name = `stages.${stage}.downsample_layers`;
  const [before, after] = [widths[stage - 1]!, widths[stage]!];
  const normed = channelsFirst(layers, layers.norm(x, normOf(parameters, `${name}.0`, before)));
  const convolution = convolutionOf(parameters, `${name}.1`, [after, before, DOWNSAMPLING, DOWNSAMPLING]);
  return channelsLast(layers, layers.convolution(normed, { ...convolution, stride: DOWNSAMPLING }));
}

interface ConvNextBlock {
  readonly name: string;
  readonly width: number;
  readonly activation: ActivationName;
}

/** x += gamma * linear(activation(linear(norm(depthwise(x))))). */
function addBlock(
  layers: Layers,
  parameters: Parameters,
  x: Value,
  { name, width, activation }: ConvNextBlock,
): Value {
  const { graph, linear, norm } = layers;
  const depthwise = layers.convolution(channelsFirst(layers, x), {
    ...convolutionOf(parameters, `${name}.depthwise_conv`, [width, 1, KERNEL, KERNEL]),
    padding: (KERNEL - 1) / 2,
    groups: width,
  });
  const normed = norm(channelsLast(layers, depthwise), normOf(parameters, `${name}.layer_norm`, width));
  const inner = EXPANSION * width;
  const widened = linear(normed, {
    weight: parameters.get(`${name}.pointwise_conv1.weight`, [inner, width]),
    bias: parameters.get(`${name}.pointwise_conv1.bias`, [inner]),
  });
  const gamma = parameters.get(`${name}.gamma`, [width]);
  const down = {
    weight: parameters.get(`${name}.pointwise_conv2.weight`, [width, inner]),
    bias: parameters.get(`${name}.pointwise_conv2.bias`, [width]),
  };
  return graph.node('Add', [x, layers.scaledLinear(layers.activation(widened, activation), down, gamma)]);
}

/** Declares all positions [batch, rows, columns, width] and their mean, taken before the norm, as embedding. */
function declareStage(
  { graph, integers, norm }: Layers,
  x: Value,
  width: number,
  finalNorm: Norm | undefined,
  prefix: string,
  gridName: string,
): void {
  const normed = (value: Value): Value => (finalNorm ? norm(value, finalNorm) : value);
  const mean = graph.node('ReduceMean', [x, integers(1, 2)], { keepdims: 0 });
  declareOutput(graph, normed(x), `${prefix}${PATCHES}`, [
    'batch',
    `rows${gridName}`,
    `columns${gridName}`,
    width,
  ]);
  declareOutput(graph, normed(mean), `${prefix}${EMBEDDING}`, ['batch', width]);
}
