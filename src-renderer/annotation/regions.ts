/** What is done to regions of a label map: fill, close, smooth, threshold. Pure. */
import { resizeBilinear } from '#shared/anomaly-map.ts';
import type { Rectangle } from '#shared/annotation.ts';
import type { PixelArray, ScoreMap } from '#shared/arrays.ts';
import { wholeOf, type LabelMap } from './label-map.ts';
import { write, type Pen } from './pen.ts';
import type { Point } from './shapes.ts';

/** The pixels that are 4-connected to the seeds through pixels that belong; they are noted in `reached`. */
function flood(
  { width, height }: LabelMap,
  seeds: readonly number[],
  belongs: (index: number) => boolean,
  reached: Uint8Array,
): number[] {
  const found: number[] = [];
  const reach = (index: number): void => {
    if (reached[index] === 1 || !belongs(index)) return;
    reached[index] = 1;
    found.push(index);
  };
  seeds.forEach(reach);
  // `found` grows while it is walked through: what was reached is looked around from in its turn.
  for (let next = 0; next < found.length; next++) {
    const index = found[next]!;
    const x = index % width;
    if (x > 0) reach(index - 1);
    if (x < width - 1) reach(index + 1);
    if (index >= width) reach(index - width);
    if (index < width * (height - 1)) reach(index + width);
  }
  return found;
}

const nothingReached = ({ width, height }: LabelMap) => new Uint8Array(width * height);

/**
 * Fills what hangs together with the pixel at a point: the same label, and values no further than `tolerance` from its
 * value in every channel. An infinite tolerance fills up to the drawn borders. Null outside of the image.
 */
export function floodFill(
  map: LabelMap,
  pixels: PixelArray,
  pen: Pen,
  [px, py]: Point,
  tolerance: number,
): Rectangle | null {
  const [x, y] = [Math.floor(px), Math.floor(py)];
  if (x < 0 || y < 0 || x >= map.width || y >= map.height) return null;
  const seed = y * map.width + x;
  const { channels, data } = pixels;
  const label = map.data[seed];
  const isNear = (index: number): boolean => {
    for (let c = 0; c < channels; c++) {
      // Written so that a missing value (NaN) is near nothing.
      if (!(Math.abs(data[index * channels + c]! - data[seed * channels + c]!) <= tolerance)) return false;
    }
    return true;
  };
  const near = tolerance === Infinity ? () => true : isNear;
  const belongs = (index: number) => map.data[index] === label && near(index);
  for (const index of flood(map, [seed], belongs, nothingReached(map))) write(map, index, pen);
  return wholeOf(map);
}

/** Gives a segment the unmarked pixels that it encloses. */
export function fillHoles(map: LabelMap, segment: number): Rectangle {
  const { width, height, data } = map;
  const border: number[] = [];
  for (let x = 0; x < width; x++) border.push(x, (height - 1) * width + x);
  for (let y = 0; y < height; y++) border.push(y * width, y * width + width - 1);
  const outside = nothingReached(map);
  flood(map, border, (index) => data[index] !== segment, outside);
  for (let i = 0; i < data.length; i++) if (data[i] === 0 && outside[i] === 0) data[i] = segment;
  return wholeOf(map);
}

/**
 * Rounds a segment: a pixel belongs to it when more than half of the square of `2 radius + 1` pixels around it does.
 * Other segments stay as they are.
 */
export function smooth(map: LabelMap, segment: number, radius: number): Rectangle {
  const { width, height, data } = map;
  // Summed-area table with a row and a column of zeros before the first.
  const stride = width + 1;
  const sums = new Uint32Array(stride * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += data[y * width + x] === segment ? 1 : 0;
      sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1]! + row;
    }
  }
  for (let y = 0; y < height; y++) {
    const [top, bottom] = [Math.max(0, y - radius), Math.min(height, y + radius + 1)];
    for (let x = 0; x < width; x++) {
      const i = y * width + x;
      if (data[i] !== 0 && data[i] !== segment) continue;
      const [left, right] = [Math.max(0, x - radius), Math.min(width, x + radius + 1)];
      const inside =
        sums[bottom * stride + right]! -
        sums[top * stride + right]! -
        sums[bottom * stride + left]! +
        sums[top * stride + left]!;
      data[i] = 2 * inside > (right - left) * (bottom - top) ? segment : 0;
    }
  }
  return wholeOf(map);
}

/**
 * Marks where the anomaly map, interpolated to the pixels as the figures are, is at or above the threshold. Regions
 * (4-connected) of fewer than `smallest` pixels are left out.
 */
export function markThreshold(
  map: LabelMap,
  pen: Pen,
  scores: ScoreMap,
  threshold: number,
  smallest: number,
): Rectangle {
  const { data } = resizeBilinear(scores, map.height, map.width);
  const seen = nothingReached(map);
  for (let seed = 0; seed < data.length; seed++) {
    if (seen[seed] === 1 || !(data[seed]! >= threshold)) continue;
    const region = flood(map, [seed], (index) => data[index]! >= threshold, seen);
    if (region.length >= smallest) for (const index of region) write(map, index, pen);
  }
  return wholeOf(map);
}
