import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { clipFamilies, clipText } from '../families/clip-text/architecture.ts';
import { TEXT_INPUT } from '../families/clip-text/outputs.ts';
import { type AttentionForm, layersOf } from '../families/layers.ts';
import { parametersOf } from '../families/parameters.ts';
import { GraphBuilder } from '../onnx/graph.ts';
import { openWeights } from '../safetensors/weights.ts';
import { readConfig } from './model-folder.ts';
import { type ConvertedFiles, writeConverted } from './write-converted.ts';

/** What a converted text encoder is. */
export interface ConvertedTextModel extends ConvertedFiles {
  readonly family: string;
  /** Values of a text vector. */
  readonly dimension: number;
  readonly contextLength: number;
  readonly vocabularySize: number;
  readonly layers: number;
}

/** Whether a folder's configuration describes one. @throws Failure as `readConfig` does */
export async function isTextEncoder(folder: string): Promise<boolean> {
  if (!(await stat(folder)).isDirectory()) return false;
  return z.object({ model_type: z.enum(clipFamilies) }).safeParse(await readConfig(folder)).success;
}

/**
 * Converts the text tower of a CLIP folder as `convertModel` does an image encoder; an image tower in the same file is ignored.
 * @throws Failure `not-found` or `unreadable` with one sentence that names the file and the tensor or field.
 */
export async function convertTextModel(
  folder: string,
  outFile: string,
  attention: AttentionForm = 'fused',
): Promise<ConvertedTextModel> {
  const architecture = clipText(await readConfig(folder));
  await using weights = await openWeights(folder);
  const graph = new GraphBuilder(architecture.family);
  const ids = graph.input(TEXT_INPUT, 'int64', ['batch', 'tokens']);
  const { epsilon, family, contextLength, vocabularySize, layers } = architecture;
  const builder = layersOf(graph, { epsilon, precision: 'fp32', attention });
  const dimension = architecture.build(builder, ids, parametersOf(weights));
  const written = await writeConverted(graph.build(), weights, outFile, family);
  return { family, dimension, contextLength, vocabularySize, layers, ...written };
}
