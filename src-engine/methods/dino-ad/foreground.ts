import type { Mask, PatchMask, PixelArray } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';
import { close } from '../morphology.ts';

/**
 * Pixels that are not 0, in any channel (DINO-AD, foreground of the support image). Of an image with a window: those
 * brighter than its lower end, which is what becomes 0 (air in CT is -1000, not 0).
 */
export function nonZeroMask({ width, height, channels, data: pixels, window }: PixelArray): Mask {
  if (window) return brighterThan(window.low, { width, height, channels, pixels });
  const data = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < data.length; i++) {
    for (let channel = 0; channel < channels; channel++, at++) if (pixels[at] !== 0) data[i] = 1;
  }
  return { width, height, data };
}

function brighterThan(
  low: number,
  image: Pick<PixelArray, 'width' | 'height' | 'channels'> & { readonly pixels: PixelArray['data'] },
): Mask {
  const { width, height, channels, pixels } = image;
  const data = new Uint8Array(width * height);
  for (let i = 0, at = 0; i < data.length; i++) {
    for (let channel = 0; channel < channels; channel++, at++) if (pixels[at]! > low) data[i] = 1;
  }
  return { width, height, data };
}

/** The patch row (or column) whose cell holds the centre of each of `length` pixels. */
function patchOfPixel(length: number, patches: number): Int32Array {
  return Int32Array.from({ length }, (_, i) => Math.floor(((2 * i + 1) * patches) / (2 * length)));
}

/**
 * Reduces a mask to the patch grid: a pixel belongs to the patch its centre lies in; a patch is 1 when at
 * least half of its pixels are. A patch without pixels (a grid finer than the image) takes the pixel
 * its own centre lies in.
 */
export function maskToPatches(mask: Mask, rows: number, columns: number): PatchMask {
  if (rows < 1 || columns < 1 || mask.width < 1 || mask.height < 1) {
    throw new Failure('invalid', 'A mask and its patch grid need at least one row and one column.');
  }
  const patchRow = patchOfPixel(mask.height, rows);
  const patchColumn = patchOfPixel(mask.width, columns);
  const pixels = new Int32Array(rows * columns);
  const inside = new Int32Array(rows * columns);
  for (let y = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++) {
      const patch = patchRow[y]! * columns + patchColumn[x]!;
      pixels[patch] = pixels[patch]! + 1;
      inside[patch] = inside[patch]! + mask.data[y * mask.width + x]!;
    }
  }
  const centrePixel = (patch: number): number => {
    const y = Math.floor(((2 * Math.floor(patch / columns) + 1) * mask.height) / (2 * rows));
    const x = Math.floor(((2 * (patch % columns) + 1) * mask.width) / (2 * columns));
    return mask.data[y * mask.width + x]!;
  };
  const data = new Uint8Array(rows * columns);
  for (let patch = 0; patch < data.length; patch++) {
    const empty = pixels[patch] === 0;
    data[patch] = (empty ? centrePixel(patch) : 2 * inside[patch]! >= pixels[patch]!) ? 1 : 0;
  }
  return { rows, columns, data };
}

/** Foreground of an image on the patch grid: non-zero pixels, closed with a kernel x kernel square. */
export function foregroundPatches(
  image: PixelArray,
  grid: { readonly rows: number; readonly columns: number },
  kernel: number,
): PatchMask {
  return maskToPatches(close(nonZeroMask(image), kernel), grid.rows, grid.columns);
}
