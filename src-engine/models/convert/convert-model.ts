/** A model folder from Hugging Face to an ONNX file with the inputs and outputs all our models have. */

import { Failure } from '#shared/errors.ts';
import type { Precision } from '#shared/model-description.ts';
import type { Architecture } from '../families/architecture.ts';
import { architectureOf } from '../families/index.ts';
import { type AttentionForm, type LayerOptions, layersOf } from '../families/layers.ts';
import { INPUT, type LayerChoice } from '../families/outputs.ts';
import { parametersOf } from '../families/parameters.ts';
import { type Graph, GraphBuilder } from '../onnx/graph.ts';
import { openWeights, type Weights } from '../safetensors/weights.ts';
import { type Preprocessing, readConfig, readPreprocessing } from './model-folder.ts';
import { type ConvertedFiles, totalSize, writeConverted } from './write-converted.ts';

export interface ConversionOptions {
  /** `int8` is about twice as fast on a CPU and needs one; `fp16` is for GPUs; `fp32` runs everywhere. Default `fp32`. */
  readonly precision?: Precision;
  /** `plain` gives right numbers on WebGPU adapters with few lanes (software ones) too. Default `fused`, the fastest. */
  readonly attention?: AttentionForm;
  /** Outputs of intermediate layers beside the final ones. Default none. */
  readonly layers?: readonly LayerChoice[];
  /** Stops the conversion; nothing stays behind. */
  readonly signal?: AbortSignal;
  /** Called with the share of the weights that is written, 0 .. 1. */
  readonly onShare?: (share: number) => void;
}

/** What a converted model is; the fields the model catalogue has too carry its names. */
export interface ModelDescription extends ConvertedFiles {
  /** `model_type` of the configuration. */
  readonly family: string;
  /** Pixels a patch, both ways. */
  readonly patch: number;
  /** Smallest edge of an input image in pixels. */
  readonly minimumSize: number;
  readonly dimension: number;
  readonly embeddingDimension: number;
  readonly registers: number;
  /** Layers that can be chosen: blocks of a ViT, stages of a ConvNeXt. */
  readonly depth: number;
  readonly precision: Precision;
  readonly normalisation: Preprocessing;
  /** Of the files it was converted from. */
  readonly weightBytes: number;
}

/**
 * Converts `config.json` and `model.safetensors` (or its shards) of a folder into `outFile` and `<outFile>.data` (the
 * weights). Weights are streamed: memory stays at a few times the largest tensor. Files appear under their names when
 * complete, and nothing is left behind otherwise. Equal input gives equal files.
 * @throws Failure `not-found` or `unreadable` with one sentence that names the file and the tensor or field, `invalid` for
 * a layer the model does not have, `cancelled` when the signal was raised.
 */
export async function convertModel(
  folder: string,
  outFile: string,
  { precision = 'fp32', attention = 'fused', layers = [], signal, onShare }: ConversionOptions = {},
): Promise<ModelDescription> {
  const throwIfCancelled = (): void => {
    if (signal?.aborted) throw new Failure('cancelled', 'The conversion was cancelled.');
  };
  const architecture = architectureOf(await readConfig(folder));
  const normalisation = await readPreprocessing(folder);
  assertLayers(architecture, layers);
  await using weights = await openWeights(folder);
  const graph = buildGraph(architecture, weights, { precision, attention }, layers);
  const written = await writeConverted(
    graph,
    weights,
    outFile,
    architecture.family,
    throwIfCancelled,
    onShare,
  );
  const { family, patch, dimension, registers, depth } = architecture;
  return {
    family,
    patch,
    minimumSize: patch,
    dimension,
    embeddingDimension: dimension,
    registers,
    depth,
    precision,
    normalisation,
    weightBytes: await totalSize(weights.files),
    ...written,
  };
}

function assertLayers({ family, depth }: Architecture, choices: readonly LayerChoice[]): void {
  for (const { index } of choices) {
    if (!Number.isInteger(index) || index < 0 || index >= depth) {
      throw new Failure('invalid', `This ${family} has layers 0 to ${depth - 1}, not ${index}.`);
    }
  }
  if (new Set(choices.map(({ index, normed }) => `${index} ${normed}`)).size < choices.length) {
    throw new Failure('invalid', 'A layer is chosen twice.');
  }
}

function buildGraph(
  architecture: Architecture,
  weights: Weights,
  options: Omit<LayerOptions, 'epsilon'>,
  choices: readonly LayerChoice[],
): Graph {
  const graph = new GraphBuilder(architecture.family);
  const image = graph.input(INPUT, 'float32', ['batch', 3, 'height', 'width']);
  const layers = layersOf(graph, { epsilon: architecture.epsilon, ...options });
  architecture.build(layers, image, parametersOf(weights), choices);
  return graph.build();
}
