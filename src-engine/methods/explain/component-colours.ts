import type { PatchFeatures, PatchMask } from '#shared/arrays.ts';
import { principalDirection } from '../linear-algebra/principal-component.ts';

export interface FeatureImage {
  readonly features: PatchFeatures;
  readonly counted: PatchMask;
}

/** Share of the values cut at either end, so that a single patch does not decide the colours of all others. */
const cut = 0.01;

/**
 * The first three principal components of patch features as red, green and blue, 0..1, the usual way to look at DINO
 * features (Oquab et al. 2023, DINOv2, figure 1). The components are those of all images together, so that the same
 * colour means the same on each; patches that do not count take no part and are NaN.
 *
 * The sign of a component is free: the one with the larger extreme is positive, so that it does not change from call to call.
 * @returns for every image rows x columns x 3, row-major
 */
export function componentColours(images: readonly FeatureImage[]): Float32Array[] {
  const dimension = images[0]?.features.dimension ?? 0;
  const rows = gather(images, dimension);
  const colours = images.map(({ counted }) => new Float32Array(counted.data.length * 3).fill(NaN));
  if (rows.length === 0) return colours;
  centre(rows, dimension);
  for (let component = 0; component < 3; component++) {
    const direction = principalDirection(rows, dimension);
    const values = takeOut(rows, direction);
    const shades = toShades(values);
    let next = 0;
    for (const [i, { counted }] of images.entries()) {
      for (let patch = 0; patch < counted.data.length; patch++) {
        if (counted.data[patch] === 1) colours[i]![patch * 3 + component] = shades[next++]!;
      }
    }
  }
  return colours;
}

function gather(images: readonly FeatureImage[], dimension: number): Float64Array {
  const count = images.reduce((sum, { counted }) => sum + counted.data.reduce((a, b) => a + b, 0), 0);
  const rows = new Float64Array(count * dimension);
  let at = 0;
  for (const { features, counted } of images) {
    for (let patch = 0; patch < counted.data.length; patch++) {
      if (counted.data[patch] === 0) continue;
      rows.set(features.data.subarray(patch * dimension, (patch + 1) * dimension), at);
      at += dimension;
    }
  }
  return rows;
}

function centre(rows: Float64Array, dimension: number): void {
  const count = rows.length / dimension;
  const mean = new Float64Array(dimension);
  for (let i = 0; i < rows.length; i++) mean[i % dimension] = mean[i % dimension]! + rows[i]! / count;
  for (let i = 0; i < rows.length; i++) rows[i] = rows[i]! - mean[i % dimension]!;
}

/** Projections on a direction, which is taken out of the rows. */
function takeOut(rows: Float64Array, direction: Float64Array): Float64Array {
  const dimension = direction.length;
  const values = new Float64Array(rows.length / dimension);
  for (let i = 0; i < values.length; i++) {
    let value = 0;
    for (let d = 0; d < dimension; d++) value += rows[i * dimension + d]! * direction[d]!;
    for (let d = 0; d < dimension; d++)
      rows[i * dimension + d] = rows[i * dimension + d]! - value * direction[d]!;
    values[i] = value;
  }
  return values;
}

function toShades(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  const sign = -sorted[0]! > sorted.at(-1)! ? -1 : 1;
  const at = (fraction: number) => sign * sorted[Math.round(fraction * (sorted.length - 1))]!;
  const ends = [at(cut), at(1 - cut)];
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  if (!(high > low)) return new Float64Array(values.length).fill(0.5);
  return values.map((value) => Math.min(1, Math.max(0, (sign * value - low) / (high - low))));
}
