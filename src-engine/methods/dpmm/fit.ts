import { digamma } from './digamma.ts';
import { Components, covarianceLength, logSumExp, logWeights } from './mixture.ts';
import type { Mixture } from './mixture.ts';

export interface FitSettings {
  /** Added to the variances: 1e-6 for diagonal, 1e-3 for full covariances in the paper. */
  readonly regularisation: number;
  /** Weight of a new batch in the running statistics; 0.2 in the paper. */
  readonly updateRate: number;
  /** Added to divisors. */
  readonly epsilon: number;
}

/** Everything the next update needs. */
export interface FitState {
  readonly mixture: Mixture;
  /** Concentration: the larger, the more components share the weight. */
  readonly alpha: number;
  /** Running means over batches: responsibilities, weighted rows, weighted squares (as `covariances`). */
  readonly responsibilities: Float64Array;
  readonly firstMoments: Float64Array;
  readonly secondMoments: Float64Array;
}

/** A state without history. */
export function startFit(mixture: Mixture, alpha: number): FitState {
  return {
    mixture,
    alpha,
    responsibilities: new Float64Array(mixture.k),
    firstMoments: new Float64Array(mixture.means.length),
    secondMoments: new Float64Array(mixture.covariances.length),
  };
}

/** Log of weight times density of one row, for every component. */
function weightedLogDensities(
  components: Components,
  logs: Float64Array,
  batch: Float32Array,
  row: number,
): Float64Array {
  return logs.map((log, j) => (log === -Infinity ? log : log + components.logDensity(batch, row, j)));
}

/** Minus the mean log likelihood of the rows of a batch: the loss. */
export function negativeMeanLogLikelihood(mixture: Mixture, batch: Float32Array): number {
  const components = new Components(mixture);
  const logs = logWeights(mixture.breaks);
  const rows = batch.length / mixture.dimension;
  let sum = 0;
  for (let row = 0; row < rows; row++) sum += logSumExp(weightedLogDensities(components, logs, batch, row));
  return -sum / rows;
}

/** Statistics of one batch: the running ones decayed, the batch mixed in with the update rate. */
function updateStatistics(
  state: FitState,
  batch: Float32Array,
  rate: number,
): Pick<FitState, 'responsibilities' | 'firstMoments' | 'secondMoments'> {
  const { mixture } = state;
  const { k, dimension, kind } = mixture;
  const length = covarianceLength(kind, dimension);
  const rows = batch.length / dimension;
  const decay = (values: Float64Array): Float64Array => values.map((value) => (1 - rate) * value);
  const responsibilities = decay(state.responsibilities);
  const firstMoments = decay(state.firstMoments);
  const secondMoments = decay(state.secondMoments);
  const components = new Components(mixture);
  const logs = logWeights(mixture.breaks);
  for (let row = 0; row < rows; row++) {
    const densities = weightedLogDensities(components, logs, batch, row);
    const total = logSumExp(densities);
    const start = row * dimension;
    for (let j = 0; j < k; j++) {
      const share = (rate / rows) * Math.exp(densities[j]! - total);
      if (!(share > 0)) continue;
      responsibilities[j] = responsibilities[j]! + share;
      for (let a = 0, at = j * length; a < dimension; a++) {
        const weighted = share * batch[start + a]!;
        const mean = j * dimension + a;
        firstMoments[mean] = firstMoments[mean]! + weighted;
        for (let b = kind === 'full' ? 0 : a; b <= a; b++, at++) {
          secondMoments[at] = secondMoments[at]! + weighted * batch[start + b]!;
        }
      }
    }
  }
  return { responsibilities, firstMoments, secondMoments };
}

/** Sum of the responsibilities of all later components. */
function laterSums(responsibilities: Float64Array): Float64Array {
  const later = new Float64Array(responsibilities.length);
  for (let j = later.length - 2; j >= 0; j--) later[j] = later[j + 1]! + responsibilities[j + 1]!;
  return later;
}

/**
 * One update of mini-batch expectation maximisation on a batch of rows (DINO-DPMM, section 2): statistics with
 * the update rate, means, covariances, breaks with the previous alpha, then alpha.
 */
export function updateFit(state: FitState, batch: Float32Array, settings: FitSettings): FitState {
  const { mixture, alpha } = state;
  const { k, dimension, kind } = mixture;
  const { regularisation, updateRate, epsilon } = settings;
  const rows = batch.length / dimension;
  const statistics = updateStatistics(state, batch, updateRate);
  const { responsibilities, firstMoments, secondMoments } = statistics;
  const length = covarianceLength(kind, dimension);
  const means = firstMoments.map(
    (sum, at) => sum / (responsibilities[Math.floor(at / dimension)]! + epsilon),
  );
  const covariances = new Float64Array(k * length);
  for (let j = 0; j < k; j++) {
    for (let a = 0, at = j * length; a < dimension; a++) {
      for (let b = kind === 'full' ? 0 : a; b <= a; b++, at++) {
        const square = secondMoments[at]! / (responsibilities[j]! + epsilon);
        const product = means[j * dimension + a]! * means[j * dimension + b]!;
        covariances[at] = square - product + (a === b ? regularisation : 0);
      }
    }
  }
  const later = laterSums(responsibilities);
  const breaks = responsibilities.map((own, j) => own / (own + (alpha - 1) / rows + later[j]! + epsilon));
  let slopes = 0;
  for (let j = 0; j < k - 1; j++) {
    slopes +=
      digamma(rows * (responsibilities[j]! + later[j]!) + alpha + 1) - digamma(rows * later[j]! + alpha);
  }
  return {
    mixture: { k, dimension, kind, breaks, means, covariances },
    alpha: (k - 1) / slopes,
    ...statistics,
  };
}
