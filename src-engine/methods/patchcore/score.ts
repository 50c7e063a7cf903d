import type { PatchFeatures, PatchMask, ScoreMap } from '#shared/arrays.ts';
import { nearestNeighbours } from '../linear-algebra/nearest-neighbours.ts';
import type { Neighbours, Rows } from '../linear-algebra/nearest-neighbours.ts';
import { squaredDistanceRows } from '../linear-algebra/vectors.ts';

export interface PatchCoreScore {
  /** L2 distance of every patch to its nearest bank row. */
  readonly patchScores: ScoreMap;
  readonly nearest: Int32Array;
  readonly imageScore: number;
}

/**
 * Weight of the largest patch score (PatchCore, equation 7): 1 minus the softmax share of the nearest bank row
 * among the bank rows nearest to it (`indices`), each by its distance from the patch.
 */
export function neighbourhoodWeight(
  image: PatchFeatures,
  bank: Rows,
  patch: number,
  nearest: number,
  indices: Int32Array,
): number {
  const { dimension } = bank;
  const k = indices.length;
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
  const patchScores = { rows, columns, data: Float32Array.from(found.squaredDistances, Math.sqrt) };
  const patch = largestPatch(found, null);
  const nearest = found.indices[patch]!;
  let weight = 1;
  if (neighbours > 1) {
    const around = nearestNeighbours(bankRow(bank, nearest), bank, neighbours);
    weight = neighbourhoodWeight(image, bank, patch, nearest, around.indices);
  }
  return {
    patchScores,
    nearest: found.indices,
    imageScore: weight * Math.sqrt(found.squaredDistances[patch]!),
  };
}

/** One row of a bank, to be searched for. */
export const bankRow = ({ data, dimension }: Rows, row: number): Rows => ({
  data: data.subarray(row * dimension, (row + 1) * dimension),
  count: 1,
  dimension,
});

/** The patch farthest from the bank, lowest index on ties; of those that count. -1 when none does. */
export function largestPatch({ squaredDistances }: Neighbours, counted: PatchMask | null): number {
  let best = -1;
  for (let i = 0; i < squaredDistances.length; i++) {
    if (counted && counted.data[i] === 0) continue;
    if (best < 0 || squaredDistances[i]! > squaredDistances[best]!) best = i;
  }
  return best;
}
