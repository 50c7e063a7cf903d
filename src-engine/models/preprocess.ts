import type { PixelArray } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import type { Fit } from '#shared/methods/common.ts';
import type { Interpolation } from '#shared/model-description.ts';
import { intensityWindow, rowsInWindow } from './intensity.ts';
import { resizeRows } from './resize.ts';

/** Mean and standard deviation of each colour channel, of images in 0 .. 1, that a model was trained with. */
export interface Normalisation {
  readonly mean: readonly [number, number, number];
  readonly standardDeviation: readonly [number, number, number];
}

export interface PreprocessOptions {
  /** Edge in pixels, a multiple of `patch`. */
  readonly size: number;
  readonly patch: number;
  readonly fit: Fit;
  readonly normalisation: Normalisation | null;
  /** Bilinear if left out. */
  readonly interpolation?: Interpolation;
}

/** A model's input: float32 [1, 3, height, width], red, green and blue plane after plane. */
export interface InputTensor {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
}

/**
 * Pixels as a model wants them: windowed to 0 .. 1 (see `intensityWindow`), resized in float without rounding, grey repeated
 * over three channels, normalised if the model asks for it. Black background stays exactly 0 unless normalised.
 * @throws Failure `invalid` when the size is not a positive multiple of the patch or the image is empty.
 */
export function preprocess(image: PixelArray, options: PreprocessOptions): InputTensor {
  const { size, patch, fit, normalisation, interpolation = 'bilinear' } = options;
  if (!Number.isInteger(size / patch) || size <= 0) {
    throw new Failure('invalid', `Input size ${size} is not a multiple of the patch of ${patch} pixels.`);
  }
  if (image.width < 1 || image.height < 1) throw new Failure('invalid', 'The image has no pixels.');
  const window = intensityWindow(image);
  const resized = fit === 'squash' ? { width: size, height: size } : coveringSize(image, size);
  const width = Math.floor(resized.width / patch) * patch;
  const height = Math.floor(resized.height / patch) * patch;
  const data = new Float32Array(3 * width * height);
  for (let channel = 0; channel < 3; channel++) {
    const target = data.subarray(channel * width * height, (channel + 1) * width * height);
    if (channel < image.channels) {
      const whole = resizeRows(
        rowsInWindow(image, channel, window),
        image.width,
        image.height,
        resized.width,
        resized.height,
        interpolation,
      );
      if (interpolation === 'bicubic') clip(whole);
      crop(whole, resized.width, target, width);
    } else {
      target.set(data.subarray(0, width * height));
    }
  }
  if (normalisation) normalise(data, normalisation);
  return { width, height, data };
}

/** Size with the shorter edge at `size`; the longer one rounded down, as torchvision does. */
function coveringSize({ width, height }: PixelArray, size: number) {
  return width <= height
    ? { width: size, height: Math.floor((size * height) / width) }
    : { width: Math.floor((size * width) / height), height: size };
}

/** The top left part of a plane. */
function crop(source: Float32Array, sourceWidth: number, target: Float32Array, width: number): void {
  for (let from = 0, to = 0; to < target.length; from += sourceWidth, to += width) {
    target.set(source.subarray(from, from + width), to);
  }
}

/** The cubic overshoots at edges; images that are resized as bytes are cut off there. */
function clip(plane: Float32Array): void {
  for (let i = 0; i < plane.length; i++) plane[i] = Math.min(1, Math.max(0, plane[i]!));
}

function normalise(data: Float32Array, { mean, standardDeviation }: Normalisation): void {
  const plane = data.length / 3;
  for (let channel = 0; channel < 3; channel++) {
    const shift = mean[channel]!;
    const scale = 1 / standardDeviation[channel]!;
    for (let i = channel * plane; i < (channel + 1) * plane; i++) data[i] = (data[i]! - shift) * scale;
  }
}
