import { factorise, logDeterminant, squaredMahalanobis, triangleLength } from '../linear-algebra/cholesky.ts';

/** `diagonal`: k x dimension variances. `full`: k x lower triangle of the covariance. */
export type CovarianceKind = 'diagonal' | 'full';

/** A truncated stick-breaking mixture of Gaussians. */
export interface Mixture {
  readonly k: number;
  readonly dimension: number;
  readonly kind: CovarianceKind;
  /** Part of the remaining stick that each component takes. */
  readonly breaks: Float64Array;
  /** k x dimension. */
  readonly means: Float64Array;
  readonly covariances: Float64Array;
}

/** Values that describe the covariance of one component. */
export const covarianceLength = (kind: CovarianceKind, dimension: number): number =>
  kind === 'diagonal' ? dimension : triangleLength(dimension);

/** Log weight of each component: log v_i + sum of log(1 - v_j), j < i. Not normalised; may be -Infinity. */
export function logWeights(breaks: Float64Array): Float64Array {
  let rest = 0;
  return breaks.map((part) => {
    const log = rest + Math.log(part);
    rest += Math.log(1 - part);
    return log;
  });
}

/** Weights that add up to 1. */
export function weights(breaks: Float64Array): Float64Array {
  let rest = 1;
  const parts = breaks.map((part) => {
    const weight = rest * part;
    rest *= 1 - part;
    return weight;
  });
  const total = parts.reduce((sum, weight) => sum + weight, 0);
  return parts.map((weight) => weight / total);
}

/** Squared Mahalanobis distance and log density of rows under each component; factors are computed once. */
export class Components {
  private readonly mixture: Mixture;
  /** Inverse variances or Cholesky factors. */
  private readonly shapes: readonly Float64Array[];
  private readonly logNormalisers: Float64Array;
  private readonly difference: Float64Array;

  /** Throws an 'invalid' Failure for a covariance that is not positive definite. */
  constructor(mixture: Mixture) {
    const { k, dimension, kind, covariances } = mixture;
    const length = covarianceLength(kind, dimension);
    this.mixture = mixture;
    this.difference = new Float64Array(dimension);
    this.logNormalisers = new Float64Array(k);
    this.shapes = Array.from({ length: k }, (_, j) => {
      const covariance = covariances.slice(j * length, (j + 1) * length);
      const shape = kind === 'full' ? factorise(covariance, dimension) : covariance.map((value) => 1 / value);
      const logDet =
        kind === 'full'
          ? logDeterminant(shape, dimension)
          : -shape.reduce((sum, value) => sum + Math.log(value), 0);
      this.logNormalisers[j] = -0.5 * (dimension * Math.log(2 * Math.PI) + logDet);
      return shape;
    });
  }

  squaredMahalanobis(rows: Float32Array, row: number, component: number): number {
    const { dimension, kind, means } = this.mixture;
    const shape = this.shapes[component]!;
    const start = row * dimension;
    const mean = component * dimension;
    if (kind === 'full') {
      for (let d = 0; d < dimension; d++) this.difference[d] = rows[start + d]! - means[mean + d]!;
      return squaredMahalanobis(shape, this.difference);
    }
    let sum = 0;
    for (let d = 0; d < dimension; d++) {
      const difference = rows[start + d]! - means[mean + d]!;
      sum += difference * difference * shape[d]!;
    }
    return sum;
  }

  logDensity(rows: Float32Array, row: number, component: number): number {
    return this.logNormalisers[component]! - 0.5 * this.squaredMahalanobis(rows, row, component);
  }
}

/** log of the sum of exponentials, without overflow; -Infinity for nothing. */
export function logSumExp(values: Float64Array): number {
  const largest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  if (largest === -Infinity) return -Infinity;
  return largest + Math.log(values.reduce((sum, value) => sum + Math.exp(value - largest), 0));
}
