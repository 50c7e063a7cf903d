import type { PixelArray } from '#shared/arrays.ts';
import type { Device } from '#shared/domain.ts';
import { Failure } from '#shared/errors.ts';
import type { Fit } from '#shared/methods/common.ts';
import type { ModelEntry } from '#shared/model-description.ts';
import type { ImageFeatures } from '../features/feature-file.ts';
import { calibrationPicture } from './calibration-picture.ts';
import { findModel, type ModelFolders } from './catalogue.ts';
import { type InputTensor, preprocess } from './preprocess.ts';
import { deviationOf } from './self-check.ts';
import { type ModelSession, openSession, type Output } from './session.ts';

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
  /** An image as the model wants it. @throws Failure `invalid` as `extract` does. */
  prepare(image: PixelArray, size: number, fit?: Fit): InputTensor;
  readonly outputNames: readonly string[];
  /** Any outputs of one prepared image. */
  outputs(input: InputTensor, names: readonly string[]): Promise<readonly Output[]>;
  release(): Promise<void>;
}

export interface Extractors {
  /**
   * The extractor of this name, loaded at its first use.
   * @throws Failure `not-found` for a name that no folder has, `unreadable` when it cannot be loaded.
   */
  get(name: string): Promise<Extractor>;
  /** Lets go of a model, so that its files can be removed or be others the next time. */
  close(name: string): Promise<void>;
}

/** Extractors of built-in and imported models. A load that failed is tried again by the next caller. */
export function openExtractors(
  builtIn: string,
  imported: string | null = null,
  device: Device = 'cpu',
): Extractors {
  const folders: ModelFolders = { builtIn, imported };
  const opened = new Map<string, Promise<Extractor>>();
  return {
    get(name) {
      const present = opened.get(name);
      if (present) return present;
      const opening = open(folders, name, device);
      opened.set(name, opening);
      opening.catch(() => opened.delete(name));
      return opening;
    },
    async close(name) {
      const present = opened.get(name);
      opened.delete(name);
      await (await present)?.release();
    },
  };
}

async function open(folders: ModelFolders, name: string, device: Device): Promise<Extractor> {
  const { entry, path } = await findModel(folders, name);
  const extractor = extractorOf(entry, await openSession(path, device));
  if (device !== 'cpu' && device !== 'auto') {
    await assertAgreement(extractor, extractorOf(entry, await openSession(path)), device);
  }
  return extractor;
}

/** Relative L2 distance to the CPU's features above which a device is not trusted. */
const TRUSTED_DEVIATION = 1e-2;

/** Some drivers compute wrongly without an error: what a device says is compared with the CPU once. */
async function assertAgreement(extractor: Extractor, onCpu: Extractor, device: Device): Promise<void> {
  const { patch, minimumSize, name } = extractor.entry;
  const size = patch * Math.max(8, Math.ceil(minimumSize / patch));
  const picture = calibrationPicture();
  const deviation = deviationOf(await extractor.extract(picture, size), await onCpu.extract(picture, size));
  await onCpu.release();
  if (deviation <= TRUSTED_DEVIATION) return;
  await extractor.release();
  throw new Failure(
    'invalid',
    `The device ${device} computes other features of ${name} than the CPU (they differ by ${(100 * deviation).toFixed(1)} %). Take --device cpu.`,
  );
}

/** A loaded model with the preprocessing that belongs to it. */
export function extractorOf(entry: ModelEntry, session: ModelSession): Extractor {
  const { patch, normalisation, interpolation } = entry;
  const prepare: Extractor['prepare'] = (image, size, fit = 'squash') => {
    assertSize(entry, size);
    return preprocess(image, { size, patch, fit, normalisation, interpolation });
  };
  const preparation = JSON.stringify({ version: PREPROCESSING_VERSION, normalisation, interpolation });
  return {
    entry,
    fingerprint: `${entry.sha256} ${preparation}`,
    prepare,
    extract: async (image, size, layer = null, fit = 'squash') => {
      if (layer === null) return session.run(prepare(image, size, fit));
      assertLayer(entry, layer);
      return session.run(prepare(image, size, fit), { index: layer - 1, normed: true });
    },
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
