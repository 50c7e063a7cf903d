import type { PatchFeatures, ScoreMap } from '#shared/arrays.ts';
import { nearestNeighbours } from '../linear-algebra/nearest-neighbours.ts';
import type { Rows } from '../linear-algebra/nearest-neighbours.ts';
import { squaredDistanceRows } from '../linear-algebra/vectors.ts';

export interface PatchCoreScore {
  /** L2 distance of every patch to its nearest bank row. */
  readonly patchScores: ScoreMap;
  readonly nearest: Int32Array;
  readonly imageScore: number;
}

/**
 * Weight of the largest patch score (PatchCore, equation 7): 1 minus the softmax share of the nearest bank row
 * among the bank rows nearest to it, each by its distance from the patch.
 */
function neighbourhoodWeight(
  image: PatchFeatures,
  bank: Rows,
  patch: number,
  nearest: number,
  k: number,
): number {
  const { dimension } = bank;
  const row = bank.data.subarray(nearest * dimension, (nearest + 1) * dimension);
  const { indices } = nearestNeighbours({ data: row, count: 1, dimension }, bank, k);
  // A duplicate of the nearest row may come first; the row itself is meant.
  const support = [nearest, ...Array.from(indices).filter((index) => index !== nearest)].slice(0, k);
  const distances = support.map((index) =>
    Math.sqrt(squaredDistanceRows(image.data, patch, bank.data, index, dimension)),
  );
  const largest = Math.max(...distances);
  const shares = distances.map((distance) => Math.exp(distance - largest));
  return 1 - shares[0]! / shares.reduce((sum, share) => sum + share, 0);
}

/**
 * PatchCore scores of one image against a memory bank (a coreset): the image score is the largest patch score,
 * weighted by the neighbourhood of its nearest bank row; `neighbours` 1 leaves it unweighted.
 */
export function scorePatchCore(bank: Rows, image: PatchFeatures, neighbours = 9): PatchCoreScore {
  const { rows, columns, dimension, data } = image;
  const count = rows * columns;
  const found = nearestNeighbours({ data, count, dimension }, bank, 1);
  const scores = Float32Array.from(found.squaredDistances, Math.sqrt);
  let patch = 0;
  for (let i = 1; i < count; i++) {
    if (found.squaredDistances[i]! > found.squaredDistances[patch]!) patch = i;
  }
  const largest = Math.sqrt(found.squaredDistances[patch]!);
  const weight =
    neighbours > 1 ? neighbourhoodWeight(image, bank, patch, found.indices[patch]!, neighbours) : 1;
  return {
    patchScores: { rows, columns, data: scores },
    nearest: found.indices,
    imageScore: weight * largest,
  };
}
