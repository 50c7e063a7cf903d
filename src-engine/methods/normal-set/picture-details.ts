import { createRandom } from '#shared/random.ts';

/** Edge of the picture that details are taken from. */
export const detailSize = 128;
/** Half the edge of the neighbourhood whose mean is taken off. */
const reach = 1;

/**
 * The details of a picture: grey values of `detailSize` x `detailSize` less the mean of their 3 x 3 neighbourhood, scaled to
 * length 1; zeros for a flat picture. Two pictures of like things share their shapes; only copies of one share its details.
 */
export function pictureDetails(grey: Uint8Array): Float32Array {
  const size = detailSize;
  // Sums of all values above and left, so that every neighbourhood costs the same.
  const sums = new Float64Array((size + 1) ** 2);
  for (let y = 0; y < size; y++) {
    for (let x = 0, row = 0; x < size; x++) {
      row += grey[y * size + x]!;
      sums[(y + 1) * (size + 1) + x + 1] = sums[y * (size + 1) + x + 1]! + row;
    }
  }
  const details = new Float32Array(size * size);
  let squared = 0;
  for (let y = 0; y < size; y++) {
    const [top, bottom] = [Math.max(y - reach, 0), Math.min(y + reach + 1, size)];
    for (let x = 0; x < size; x++) {
      const [left, right] = [Math.max(x - reach, 0), Math.min(x + reach + 1, size)];
      const total =
        sums[bottom * (size + 1) + right]! -
        sums[top * (size + 1) + right]! -
        sums[bottom * (size + 1) + left]! +
        sums[top * (size + 1) + left]!;
      const value = grey[y * size + x]! - total / ((bottom - top) * (right - left));
      details[y * size + x] = value;
      squared += value * value;
    }
  }
  const scale = squared > 0 ? 1 / Math.sqrt(squared) : 0;
  return details.map((value) => value * scale);
}

/** Correlation of the details of two pictures, -1 .. 1. */
export function detailCorrelation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** Values of a sketch: the correlation of two copies' details survives within a few thousandths. */
export const sketchLength = 256;

/** Details in few numbers, for finding candidates among many (count sketch: Charikar, Chen, Farach-Colton, 2002). */
export function sketchDetails(details: Float32Array): Float32Array {
  const sketch = new Float32Array(sketchLength);
  const random = createRandom(1);
  for (const value of details) {
    const draw = random.integer(2 * sketchLength);
    const bucket = draw >> 1;
    sketch[bucket] = sketch[bucket]! + (draw % 2 === 0 ? value : -value);
  }
  return sketch;
}
