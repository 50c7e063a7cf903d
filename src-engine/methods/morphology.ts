import type { Mask } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';

type Step = 'dilate' | 'erode';

/**
 * One pass of a line of `size` ones over lines of pixels. Pixels outside the line are ignored, as in
 * OpenCV: a dilation never starts there, an erosion never bites there.
 */
function passLine(
  source: Uint8Array,
  target: Uint8Array,
  start: number,
  step: number,
  length: number,
  size: number,
  operation: Step,
): void {
  const before = Math.floor(size / 2);
  const after = size - 1 - before;
  let inside = 0;
  for (let i = 0; i < Math.min(after, length); i++) inside += source[start + i * step]!;
  for (let i = 0; i < length; i++) {
    if (i + after < length) inside += source[start + (i + after) * step]!;
    if (i - before > 0) inside -= source[start + (i - before - 1) * step]!;
    const window = Math.min(i + after, length - 1) - Math.max(i - before, 0) + 1;
    target[start + i * step] = (operation === 'dilate' ? inside > 0 : inside === window) ? 1 : 0;
  }
}

function pass(mask: Mask, size: number, operation: Step): Mask {
  if (!Number.isInteger(size) || size < 1) {
    throw new Failure('invalid', `A structuring element must measure at least one pixel, not ${size}.`);
  }
  const { width, height } = mask;
  const across = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) passLine(mask.data, across, y * width, 1, width, size, operation);
  const data = new Uint8Array(width * height);
  for (let x = 0; x < width; x++) passLine(across, data, x, width, height, size, operation);
  return { width, height, data };
}

/** Dilation with a size x size square of ones (anchor floor(size / 2)); time does not grow with size. */
export const dilate = (mask: Mask, size: number): Mask => pass(mask, size, 'dilate');

/** Erosion with a size x size square of ones; pixels outside the image are ignored. */
export const erode = (mask: Mask, size: number): Mask => pass(mask, size, 'erode');

/** Closing: dilation, then erosion. Equal to OpenCV `morphologyEx` with MORPH_CLOSE. */
export const close = (mask: Mask, size: number): Mask => erode(dilate(mask, size), size);
