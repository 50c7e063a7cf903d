/** Bilinear resizing of float planes with antialiasing, as PyTorch's `interpolate(antialias=True)` and Pillow do it. */

interface Taps {
  /** First source index of each target index. */
  readonly start: Int32Array;
  /** Weights of each target index, `width` apart, zero-filled. */
  readonly weights: Float32Array;
  readonly width: number;
}

/**
 * Resizes a row-major plane. When the image shrinks, the triangle filter widens with the ratio; when it grows, this is plain
 * bilinear interpolation with half-pixel centres. Weights at the border are renormalised. Nothing is rounded.
 */
export function resizePlane(
  plane: Float32Array,
  width: number,
  height: number,
  newWidth: number,
  newHeight: number,
): Float32Array {
  const across = taps(width, newWidth);
  const narrow = new Float32Array(newWidth * height);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < newWidth; x++) {
      const from = row + across.start[x]!;
      const at = x * across.width;
      let sum = 0;
      for (let k = 0; k < across.width; k++) sum += plane[from + k]! * across.weights[at + k]!;
      narrow[y * newWidth + x] = sum;
    }
  }
  const down = taps(height, newHeight);
  const result = new Float32Array(newWidth * newHeight);
  for (let y = 0; y < newHeight; y++) {
    const target = y * newWidth;
    for (let k = 0; k < down.width; k++) {
      const weight = down.weights[y * down.width + k]!;
      if (weight === 0) continue;
      const source = (down.start[y]! + k) * newWidth;
      for (let x = 0; x < newWidth; x++)
        result[target + x] = result[target + x]! + weight * narrow[source + x]!;
    }
  }
  return result;
}

function taps(size: number, newSize: number): Taps {
  const ratio = size / newSize;
  const filterScale = Math.max(ratio, 1);
  const width = Math.min(size, Math.ceil(filterScale) * 2 + 1);
  const start = new Int32Array(newSize);
  const weights = new Float32Array(newSize * width);
  for (let i = 0; i < newSize; i++) {
    const centre = ratio * (i + 0.5);
    const first = Math.max(0, Math.floor(centre - filterScale + 0.5));
    const last = Math.min(size, Math.floor(centre + filterScale + 0.5));
    // Taps past the border would read the next row; they begin earlier instead and weigh 0.
    const begin = Math.min(first, size - width);
    start[i] = begin;
    let total = 0;
    for (let j = first; j < last; j++) total += triangle((j + 0.5 - centre) / filterScale);
    for (let j = first; j < last; j++) {
      weights[i * width + j - begin] = triangle((j + 0.5 - centre) / filterScale) / total;
    }
  }
  return { start, weights, width };
}

function triangle(x: number): number {
  return Math.max(0, 1 - Math.abs(x));
}
