import { join } from 'node:path';
import { resizeBilinear } from '#shared/anomaly-map.ts';
import type { TrainingImage, TrainingPlan } from '#shared/adapter.ts';
import type { EngineCalls } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { promptsOf } from '#shared/prompts.ts';
import { levelCount, readAdapter } from '../adapters/adapter-file.ts';
import { extractLevels } from '../adapters/levels.ts';
import {
  type FeatureFolder,
  type FeatureSize,
  openFeatureFolder,
} from '../adapters/training/feature-folder.ts';
import { batchCount, train } from '../adapters/training/train.ts';
import type { Extractor } from '../models/extractor.ts';
import type { EngineState } from '../state.ts';
import { type CallContext, throwIfCancelled } from './context.ts';

/** Images on their way through the model at once. */
const imagesAtOnce = 3;

/** Sentences of a class with their numbers of tokens. */
export async function previewPrompts(
  { textEncoders }: EngineState,
  { text, className, list }: EngineCalls['preview-prompts']['request'],
): Promise<EngineCalls['preview-prompts']['reply']> {
  const prompts = promptsOf(className, list);
  const encoder = text === null ? undefined : await textEncoders.get(text);
  const vectors = encoder && (await encoder.encode(prompts));
  const width = (vectors?.length ?? 0) / 2;
  const cosine = vectors?.subarray(0, width).reduce((sum, value, i) => sum + value * vectors[width + i]!, 0);
  return { ...prompts, cosine: cosine ?? null };
}

export function inspectAdapter(
  _: EngineState,
  { path }: EngineCalls['inspect-adapter']['request'],
): Promise<EngineCalls['inspect-adapter']['reply']> {
  return readAdapter(path).then(({ weights: _weights, ...written }) => written);
}

/**
 * Extracts what is missing of the features, then trains from the checkpoint on.
 * @throws Failure `cancelled`; what was done stays for the next time
 */
export async function trainAdapter(
  state: EngineState,
  { plan }: EngineCalls['train-adapter']['request'],
  { signal, progress }: CallContext,
): Promise<EngineCalls['train-adapter']['reply']> {
  const { description, images } = plan;
  const { settings, classes } = description;
  const extractor = await state.extractors.get(settings.model);
  const encoder = await state.textEncoders.get(settings.text);
  if (
    extractor.entry.sha256 !== description.image.sha256 ||
    encoder.description.sha256 !== description.text.sha256
  ) {
    throw new Failure('invalid', 'An encoder has changed since this training began. Start a new one.');
  }
  const text = new Float32Array(classes.length * 2 * description.text.dimension);
  for (const [index, { name, list }] of classes.entries()) {
    progress({ activity: `Encoding prompts of ${name}`, share: 0 });
    text.set(await encoder.encode(promptsOf(name, list)), index * 2 * description.text.dimension);
  }
  const { features, size } = await extractAll(state, plan, extractor, { signal, progress });
  const total = batchCount(images.length, settings.batch, settings.epochs);
  return train(plan, text, features, size, {
    signal,
    device: state.options.device,
    onBatch: (losses) =>
      progress({
        activity: `Training: batch ${losses.length} of ${total}`,
        share: losses.length / total,
        losses,
      }),
  });
}

async function extractAll(
  state: EngineState,
  { folder, description, images }: TrainingPlan,
  extractor: Extractor,
  { signal, progress }: CallContext,
): Promise<{ features: FeatureFolder; size: FeatureSize }> {
  const edge = description.settings.size;
  const side = Math.floor(edge / description.image.patch);
  const { dimension, layers } = description.image;
  const size = { levels: levelCount(description), rows: side, columns: side, dimension, maskEdge: edge };
  const features = openFeatureFolder(join(folder, 'features'), size);
  const extract = async (index: number): Promise<void> => {
    if (await features.has(index)) return;
    const image = images[index]!;
    progress({ activity: `Extracting features: ${index + 1} of ${images.length}`, share: 0 });
    const { input } = await state.inputs.make(image.pixels, extractor.preparation(edge));
    const levels = await extractLevels(extractor, input, layers);
    await features.write(index, levels, await maskOf(state, image, edge));
  };
  // Several at once, so that the next images are made ready while one is in the model.
  const indices = images.keys();
  const worker = async () => {
    for (const index of indices) {
      throwIfCancelled(signal);
      await extract(index);
    }
  };
  await Promise.all(Array.from({ length: imagesAtOnce }, worker));
  return { features, size };
}

/** The mask resized bilinearly to the input's size, then cut at a half. */
async function maskOf(
  state: EngineState,
  { pixels, truth }: TrainingImage,
  edge: number,
): Promise<Uint8Array> {
  const mask = await state.images.truth(truth, pixels.width, pixels.height);
  if (!mask) throw new Failure('bug', 'An image without ground truth was to be trained on.');
  const map = { rows: mask.height, columns: mask.width, data: Float32Array.from(mask.data) };
  return Uint8Array.from(resizeBilinear(map, edge, edge).data, (value) => (value > 0.5 ? 1 : 0));
}
