import type { PixelArray } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import type { Fit } from '#shared/methods/common.ts';
import type { ModelEntry } from '#shared/model-description.ts';
import type { ImageFeatures } from '../features/feature-file.ts';
import type { Outputs } from './batches.ts';
import { EMBEDDING, layerPrefix, PATCHES } from './families/outputs.ts';
import { type InputTensor, preprocess, type PreprocessOptions } from './preprocess.ts';
import { type ModelSession, patchesOf } from './session.ts';

/** Part of every fingerprint: a change of windows or resizing must not meet features from before it. */
const PREPROCESSING_VERSION = 1;

/** A model ready to look at images. */
export interface Extractor {
  readonly entry: ModelEntry;
  /** Names everything but pixels and size that features depend on: the model's bytes and the preprocessing. */
  readonly fingerprint: string;
  /**
   * Patch features (rows x columns x dimension, size / patch each way when squashed) and embedding of an image.
   * @param layer counted from 1; null is the model's own output
   * @throws Failure `invalid` when the size is too small for the model or not a multiple of its patch, or for a layer it lacks.
   */
  extract(image: PixelArray, size: number, layer?: number | null, fit?: Fit): Promise<ImageFeatures>;
  /** How images are made ready for it. @throws Failure `invalid` as `extract` does. */
  preparation(size: number, fit?: Fit): PreprocessOptions;
  /** Features at several layers from one run, each with the embedding, and the milliseconds it took. */
  features(
    input: InputTensor,
    layers: readonly (number | null)[],
  ): Promise<{ readonly layers: readonly ImageFeatures[]; readonly milliseconds: number }>;
  /** An image as the model wants it. @throws Failure `invalid` as `extract` does. */
  prepare(image: PixelArray, size: number, fit?: Fit): InputTensor;
  readonly outputNames: readonly string[];
  /** Any outputs of one prepared image. */
  outputs(input: InputTensor, names: readonly string[]): Promise<Outputs>;
  release(): Promise<void>;
}

/** A loaded model with the preprocessing that belongs to it. */
export function extractorOf(entry: ModelEntry, session: ModelSession): Extractor {
  const { patch, normalisation, interpolation } = entry;
  const preparationOf: Extractor['preparation'] = (size, fit = 'squash') => {
    assertSize(entry, size);
    return { size, patch, fit, normalisation, interpolation };
  };
  const prepare: Extractor['prepare'] = (image, size, fit) => preprocess(image, preparationOf(size, fit));
  const features: Extractor['features'] = async (input, layers) => {
    const names = layers.map((layer) => {
      if (layer === null) return PATCHES;
      assertLayer(entry, layer);
      return `${layerPrefix({ index: layer - 1, normed: true })}${PATCHES}`;
    });
    const { outputs, milliseconds } = await session.outputs(input, [...new Set(names), EMBEDDING]);
    const grids = new Map([...new Set(names)].map((name, index) => [name, patchesOf(outputs[index]!)]));
    const embedding = outputs.at(-1)!.data;
    return { layers: names.map((name) => ({ patches: grids.get(name)!, embedding })), milliseconds };
  };
  const preparation = JSON.stringify({ version: PREPROCESSING_VERSION, normalisation, interpolation });
  return {
    entry,
    fingerprint: `${entry.sha256} ${preparation}`,
    preparation: preparationOf,
    prepare,
    features,
    extract: async (image, size, layer = null, fit = 'squash') =>
      (await features(prepare(image, size, fit), [layer])).layers[0]!,
    outputNames: session.outputNames,
    outputs: session.outputs,
    release: session.release,
  };
}

/** @throws Failure `invalid` for a layer the model does not have */
export function assertLayer({ name, layers }: ModelEntry, layer: number): void {
  if (layer >= 1 && layer <= layers) return;
  const known = layers === 0 ? 'no layers to choose from' : `layers 1 to ${layers}`;
  throw new Failure('invalid', `${name} has ${known}, not ${layer}.`);
}

function assertSize({ name, minimumSize }: ModelEntry, size: number): void {
  if (size < minimumSize) {
    throw new Failure('invalid', `${name} needs images of at least ${minimumSize} pixels, not ${size}.`);
  }
}
