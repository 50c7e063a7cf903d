import type { PatchFeatures } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { methods, methodTitle, type RunSettings } from '#shared/methods/index.ts';
import { toFloat32, type NpyArray } from '#shared/npy.ts';

/**
 * Features of images from an array: images x rows x columns x dimension, or of one image, rows x columns x dimension. A
 * list of patches, patches x dimension, is an image of one column.
 * @throws Failure `invalid` for another shape
 */
export function imagesFrom(array: NpyArray, path: string): PatchFeatures[] {
  const { shape } = array;
  const [images, rows, columns, dimension] =
    shape.length === 2
      ? [1, shape[0], 1, shape[1]]
      : shape.length === 3
        ? [1, ...shape]
        : shape.length === 4
          ? shape
          : [];
  if (images === undefined || rows === undefined || columns === undefined || dimension === undefined) {
    throw new Failure(
      'invalid',
      `${path}: features are images x rows x columns x dimension, rows x columns x dimension, or patches x dimension; this file is ${shape.join(' x ')}.`,
    );
  }
  const data = toFloat32(array);
  const size = rows * columns * dimension;
  return Array.from({ length: images }, (_, image) => ({
    rows,
    columns,
    dimension,
    data: data.slice(image * size, (image + 1) * size),
  }));
}

/** The method's defaults, as far as features alone allow: no smoothing, for the size of the images is unknown. */
export function startOf(method: RunSettings['method'], ofPatches: boolean): RunSettings {
  const { defaults } = methods[method];
  switch (defaults.method) {
    case 'patchcore':
      // A list of patches has no neighbourhoods, and is taken for a bank that was chosen before.
      return { ...defaults, sigma: 0, ...(ofPatches && { pooling: false, coreset: 1 }) };
    case 'anomaly-dino':
    case 'anomaly-dino-batched':
    case 'padim':
      return { ...defaults, sigma: 0 };
    default:
      return defaults;
  }
}

export function assertBrought(
  settings: RunSettings,
  references: readonly PatchFeatures[],
  queries: readonly PatchFeatures[],
): void {
  const needs = methods[settings.method].references === 'bank';
  if (needs && references.length === 0) {
    throw new Failure('invalid', `${methodTitle(settings)} needs --references FEATURES.npy.`);
  }
  if (!needs && references.length > 0) {
    process.stderr.write(
      `nidus: ${methodTitle(settings)} compares the queries with each other; --references is not used.\n`,
    );
  }
  const dimension = queries[0]?.dimension;
  const other = references.find((image) => image.dimension !== dimension);
  if (other) {
    throw new Failure(
      'invalid',
      `The queries have dimension ${dimension}, but the references have ${other.dimension}.`,
    );
  }
}
