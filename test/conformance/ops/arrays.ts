import type { Mask, PatchFeatures, PatchMask, PixelArray, ScoreMap } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import type { NpyArray } from '#shared/npy.ts';

interface Shaped<T> {
  readonly shape: readonly number[];
  readonly data: T;
}

/** Grid rows x grid columns x dimension. */
export function asFeatures({ shape, data }: Shaped<Float32Array>): PatchFeatures {
  const [rows = 0, columns = 0, dimension = 0] = shape;
  return { rows, columns, dimension, data };
}

export function asPatchMask({ shape, data }: Shaped<Uint8Array>): PatchMask {
  const [rows = 0, columns = 0] = shape;
  return { rows, columns, data };
}

export function asMap({ shape, data }: Shaped<Float32Array>): ScoreMap {
  const [rows = 0, columns = 0] = shape;
  return { rows, columns, data };
}

/** Height x width, or height x width x 3. */
export function asImage({ shape, data }: NpyArray): PixelArray {
  const [height = 0, width = 0, channels = 1] = shape;
  if (channels !== 1 && channels !== 3) throw new Failure('invalid', `An image of ${channels} channels.`);
  if (data instanceof Uint8Array) return { width, height, channels, bits: 8, data };
  if (data instanceof Uint16Array || data instanceof Int16Array) {
    return { width, height, channels, bits: 16, data };
  }
  if (data instanceof Float32Array) return { width, height, channels, bits: 32, data };
  throw new Failure('invalid', 'An image of an element type that no decoder gives.');
}

/** The `index`-th part of an array along its first axis. */
export function part<T extends Float32Array | Uint8Array>(
  { shape, data }: Shaped<T>,
  index: number,
): Shaped<T> {
  const rest = shape.slice(1);
  const size = rest.reduce((product, extent) => product * extent, 1);
  return { shape: rest, data: data.subarray(index * size, (index + 1) * size) as T };
}

/** The parts of an array along its first axis. */
export function parts<T extends Float32Array | Uint8Array>(array: Shaped<T>): Shaped<T>[] {
  return Array.from({ length: array.shape[0] ?? 0 }, (_, index) => part(array, index));
}

export function asMask({ shape, data }: Shaped<Uint8Array>): Mask {
  const [height = 0, width = 0] = shape;
  return { width, height, data };
}
