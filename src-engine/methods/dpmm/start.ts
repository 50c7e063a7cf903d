import { Failure } from '#shared/errors.ts';
import { createRandom } from '#shared/random.ts';
import { triangleLength } from '../linear-algebra/cholesky.ts';
import { covarianceLength } from './mixture.ts';
import type { CovarianceKind, Mixture } from './mixture.ts';

export interface StartSettings {
  /** Components; 500 in the paper. */
  readonly k: number;
  readonly kind: CovarianceKind;
  /** Concentration to draw the breaks with; 2 in the paper. */
  readonly alpha: number;
  /** Added to the variances. */
  readonly regularisation: number;
  readonly seed: number;
}

function columnVariances(batch: Float32Array, dimension: number): Float64Array {
  const rows = batch.length / dimension;
  return Float64Array.from({ length: dimension }, (_, d) => {
    let mean = 0;
    for (let at = d; at < batch.length; at += dimension) mean += batch[at]! / rows;
    let sum = 0;
    for (let at = d; at < batch.length; at += dimension) sum += (batch[at]! - mean) ** 2;
    return sum / (rows - 1);
  });
}

/**
 * First mixture from a batch (rows x dimension): means are its first k rows in random order, covariances the
 * variances of the batch, breaks drawn from Beta(1, alpha). Throws an 'invalid' Failure for fewer
 * than k rows.
 */
export function initialMixture(
  batch: Float32Array,
  dimension: number,
  { k, kind, alpha, regularisation, seed }: StartSettings,
): Mixture {
  const rows = batch.length / dimension;
  if (rows < Math.max(k, 2)) {
    throw new Failure('invalid', `A first batch of ${rows} patches cannot start ${k} components.`);
  }
  const random = createRandom(seed);
  const order = Array.from({ length: k }, (_, i) => i);
  for (let i = k - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [order[i], order[other]] = [order[other]!, order[i]!];
  }
  const length = covarianceLength(kind, dimension);
  const means = new Float64Array(k * dimension);
  const covariances = new Float64Array(k * length);
  const variances = columnVariances(batch, dimension);
  for (const [j, row] of order.entries()) {
    means.set(batch.subarray(row * dimension, (row + 1) * dimension), j * dimension);
    for (let d = 0; d < dimension; d++) {
      const at = kind === 'full' ? triangleLength(d) + d : d;
      covariances[j * length + at] = variances[d]! + regularisation;
    }
  }
  const breaks = Float64Array.from({ length: k }, (_, j) =>
    j === k - 1 ? 1 : 1 - (1 - random.next()) ** (1 / alpha),
  );
  return { k, dimension, kind, breaks, means, covariances };
}
