import { Failure } from '#shared/errors.ts';
import type { ImageFeatures } from '../features/feature-file.ts';
import { calibrationPicture } from './calibration-picture.ts';
import type { Extractor } from './extractor.ts';

/** Patches a side: as many as the default size of a run has with patches of 16 pixels, and half of it. */
const SPEED_GRID = 28;
const CHECK_GRID = 14;
const DEFAULT_SIZE = 448;

export interface SelfCheck {
  readonly features: ImageFeatures;
  /** For one image of `size` pixels a side, preprocessing included. */
  readonly milliseconds: number;
  readonly size: number;
}

/**
 * Runs a model on the calibration picture.
 * @throws Failure `unreadable` when an output has another shape than its description says, or holds what is not a number.
 */
export async function selfCheck(extractor: Extractor): Promise<SelfCheck> {
  const { name, patch, dimension, embeddingDimension } = extractor.entry;
  const picture = calibrationPicture();
  const small = sizeOf(CHECK_GRID, DEFAULT_SIZE / 2, extractor);
  const features = await extractor.extract(picture, small);
  const { patches, embedding } = features;
  const side = small / patch;
  const shape = `${patches.rows} x ${patches.columns} x ${patches.dimension} and ${embedding.length}`;
  const expected = `${side} x ${side} x ${dimension} and ${embeddingDimension}`;
  if (shape !== expected) {
    throw new Failure('unreadable', `${name} gives features of ${shape} values, not of ${expected}.`);
  }
  if (!patches.data.every(Number.isFinite) || !embedding.every(Number.isFinite)) {
    throw new Failure('unreadable', `${name} gives features that are not numbers.`);
  }
  const size = sizeOf(SPEED_GRID, DEFAULT_SIZE, extractor);
  const began = performance.now();
  await extractor.extract(picture, size);
  return { features, milliseconds: performance.now() - began, size };
}

/** At most so many patches and so many pixels a side, at least what the model needs. */
function sizeOf(patches: number, pixels: number, { entry: { patch, minimumSize } }: Extractor): number {
  const most = Math.min(patches, Math.floor(pixels / patch));
  return patch * Math.max(most, Math.ceil(minimumSize / patch));
}

/** Relative L2 distance of features to a reference. */
export function deviationOf(features: ImageFeatures, reference: ImageFeatures): number {
  let squares = 0;
  let referenceSquares = 0;
  for (const [index, value] of reference.patches.data.entries()) {
    squares += (features.patches.data[index]! - value) ** 2;
    referenceSquares += value ** 2;
  }
  return Math.sqrt(squares / referenceSquares);
}
