/** Connected regions of a thresholded map, and what they have to do with the ground truth. Pure. */
import type { Mask, ScoreMap } from '#shared/arrays.ts';
import { connectedRegions } from '#shared/regions.ts';

export interface FoundRegion {
  /** Pixels. */
  readonly area: number;
  /** Its highest score, and where. */
  readonly peak: number;
  readonly at: readonly [x: number, y: number];
  /** Pixels that lie in the ground truth; null when nobody knows it. */
  readonly truth: number | null;
}

export interface TrueRegion {
  readonly area: number;
  readonly at: readonly [x: number, y: number];
  /** Pixels that were found. */
  readonly found: number;
}

export interface MapRegions {
  /** Hottest first. */
  readonly found: readonly FoundRegion[];
  /** Largest first; null when nobody knows the ground truth. */
  readonly truth: readonly TrueRegion[] | null;
  /** Pixels of regions that are large enough, with a border of one pixel so that their edge is drawn whole. */
  readonly within: Mask;
  readonly predicted: number;
  /** Null without ground truth, or when neither side has a pixel. */
  readonly dice: number | null;
  readonly iou: number | null;
}

/** `map` has the size of the image. Pixels at or above the threshold are found, in regions of at least `minimumArea`. */
export function mapRegions(
  map: ScoreMap,
  threshold: number,
  minimumArea: number,
  truth: Mask | null,
): MapRegions {
  const { rows: height, columns: width, data: scores } = map;
  const above: Mask = {
    width,
    height,
    data: Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0)),
  };
  const { labels, sizes } = connectedRegions(above);
  const peaks = sizes.map(() => ({ peak: -Infinity, pixel: 0, truth: 0 }));
  const kept = new Uint8Array(width * height);
  let predicted = 0;
  let both = 0;
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel]!;
    if (label === 0 || sizes[label - 1]! < minimumArea) continue;
    kept[pixel] = 1;
    predicted += 1;
    const region = peaks[label - 1]!;
    if (scores[pixel]! > region.peak) [region.peak, region.pixel] = [scores[pixel]!, pixel];
    if (truth?.data[pixel]) {
      region.truth += 1;
      both += 1;
    }
  }
  const at = (pixel: number): readonly [number, number] => [
    (pixel % width) + 0.5,
    Math.floor(pixel / width) + 0.5,
  ];
  const found = peaks
    .map(({ peak, pixel, truth: inside }, i) => ({
      area: sizes[i]!,
      peak,
      at: at(pixel),
      truth: truth ? inside : null,
    }))
    .filter(({ area }) => area >= minimumArea)
    .sort((a, b) => b.peak - a.peak);
  const known = truth && trueRegions(truth, kept);
  const marked = truth ? truth.data.reduce((sum, value) => sum + value, 0) : 0;
  const union = predicted + marked - both;
  return {
    found,
    truth: known,
    within: { width, height, data: grown(kept, width) },
    predicted,
    dice: truth && union > 0 ? (2 * both) / (predicted + marked) : null,
    iou: truth && union > 0 ? both / union : null,
  };
}

function trueRegions(truth: Mask, kept: Uint8Array): TrueRegion[] {
  const { labels, sizes } = connectedRegions(truth);
  const sums = sizes.map(() => ({ x: 0, y: 0, found: 0 }));
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const sum = sums[labels[pixel]! - 1];
    if (!sum) continue;
    sum.x += (pixel % truth.width) + 0.5;
    sum.y += Math.floor(pixel / truth.width) + 0.5;
    sum.found += kept[pixel]!;
  }
  return sums
    .map(({ x, y, found }, i) => ({ area: sizes[i]!, at: [x / sizes[i]!, y / sizes[i]!] as const, found }))
    .sort((a, b) => b.area - a.area);
}

/** One pixel larger in the eight directions. */
function grown(kept: Uint8Array, width: number): Uint8Array {
  const across = new Uint8Array(kept.length);
  for (let i = 0; i < kept.length; i++) {
    const x = i % width;
    const beside = (x > 0 ? kept[i - 1]! : 0) | (x < width - 1 ? kept[i + 1]! : 0);
    across[i] = kept[i]! | beside;
  }
  const result = new Uint8Array(kept.length);
  for (let i = 0; i < kept.length; i++) {
    const below = i + width < kept.length ? across[i + width]! : 0;
    result[i] = across[i]! | (i >= width ? across[i - width]! : 0) | below;
  }
  return result;
}
