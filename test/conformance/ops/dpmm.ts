import { z } from 'zod';
import {
  logWeights,
  negativeMeanLogLikelihood,
  scoreDpmm,
  startFit,
  updateFit,
  weights,
} from '#engine/methods/dpmm/index.ts';
import type { CovarianceKind, FitState, Mixture } from '#engine/methods/dpmm/index.ts';
import type { CaseInputs } from '../fixture.ts';
import type { Operations, Results } from '../operation.ts';
import { asFeatures, parts } from './arrays.ts';

const covarianceName = z.enum(['diag', 'full']);

/** K x D x D matrices to their lower triangles. */
function triangles(matrices: ArrayLike<number>, k: number, dimension: number): Float64Array {
  const values: number[] = [];
  for (let j = 0; j < k; j++) {
    for (let a = 0; a < dimension; a++) {
      for (let b = 0; b <= a; b++) values.push(matrices[(j * dimension + a) * dimension + b]!);
    }
  }
  return Float64Array.from(values);
}

/** Lower triangles back to K x D x D matrices. */
function matrices({ k, dimension, covariances }: Mixture): Float64Array {
  const result = new Float64Array(k * dimension * dimension);
  let at = 0;
  for (let j = 0; j < k; j++) {
    for (let a = 0; a < dimension; a++) {
      for (let b = 0; b <= a; b++, at++) {
        result[(j * dimension + a) * dimension + b] = covariances[at]!;
        result[(j * dimension + b) * dimension + a] = covariances[at]!;
      }
    }
  }
  return result;
}

function mixture(inputs: CaseInputs, prefix: string): Mixture {
  const means = inputs.floats(`${prefix}mean`);
  const [k = 0, dimension = 0] = means.shape;
  const kind: CovarianceKind = inputs.setting('covariance', covarianceName) === 'diag' ? 'diagonal' : 'full';
  const { data } = inputs.floats(`${prefix}cov`);
  return {
    k,
    dimension,
    kind,
    breaks: Float64Array.from(inputs.floats(`${prefix}v`).data),
    means: Float64Array.from(means.data),
    covariances: kind === 'diagonal' ? Float64Array.from(data) : triangles(data, k, dimension),
  };
}

function fit(inputs: CaseInputs): Results {
  const decaying = inputs.setting('schedule', z.enum(['ema', 'exp'])) === 'exp';
  const rate = inputs.number('update_rate');
  const settings = {
    regularisation: inputs.number('reg_covar'),
    epsilon: inputs.number('eps'),
  };
  let state: FitState = startFit(mixture(inputs, 'init_'), inputs.number('alpha_init'));
  const states: FitState[] = [];
  const losses: number[] = [];
  for (const { data } of parts(inputs.floats('batches'))) {
    const updateRate = decaying ? (states.length + 1) ** -rate : rate;
    state = updateFit(state, data, { ...settings, updateRate });
    states.push(state);
    losses.push(negativeMeanLogLikelihood(state.mixture, data));
  }
  const { mixture: first, alpha } = states[0]!;
  return {
    after_step_1: {
      v: first.breaks,
      mean: first.means,
      cov: first.kind === 'diagonal' ? first.covariances : matrices(first),
    },
    alpha_after_step_1: alpha,
    loss_per_step: losses,
  };
}

function score(inputs: CaseInputs): Results {
  const fitted = mixture(inputs, '');
  const image = asFeatures(inputs.floats('query_features'));
  const scored = scoreDpmm(fitted, image, inputs.number('weight_threshold'));
  return {
    log_pi: logWeights(fitted.breaks),
    pi: weights(fitted.breaks),
    negative_log_likelihood: scored.negativeLogLikelihood.data,
    distance: scored.euclidean.data,
    mahalanobis: scored.mahalanobis.data,
    cosine_distance: scored.cosine.data,
    active_components: scored.activeComponents,
  };
}

export const dpmmOperations: Operations = { 'dpmm.fit': fit, 'dpmm.score': score };
