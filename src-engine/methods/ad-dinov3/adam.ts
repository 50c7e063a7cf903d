/** Adam (Kingma and Ba 2015, algorithm 1) with bias correction and without decay. */

export interface AdamOptions {
  readonly learningRate: number;
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Betas of all published codes of this kind; the learning rate of the paper. */
export const defaultAdam: AdamOptions = { learningRate: 1e-4, beta1: 0.5, beta2: 0.999, epsilon: 1e-8 };

/** First and second moments of each parameter. */
export interface Moments {
  readonly first: readonly Float32Array[];
  readonly second: readonly Float32Array[];
}

export const zeroMoments = (parameters: readonly Float32Array[]): Moments => ({
  first: parameters.map(({ length }) => new Float32Array(length)),
  second: parameters.map(({ length }) => new Float32Array(length)),
});

/** One step in place; `step` is counted from 1. */
export function adamStep(
  parameters: readonly Float32Array[],
  gradients: readonly Float32Array[],
  { first, second }: Moments,
  step: number,
  { learningRate, beta1, beta2, epsilon }: AdamOptions,
): void {
  const firstBias = 1 - beta1 ** step;
  const secondBias = 1 - beta2 ** step;
  for (const [index, parameter] of parameters.entries()) {
    const [gradient, mean, squares] = [gradients[index]!, first[index]!, second[index]!];
    for (let i = 0; i < parameter.length; i++) {
      const g = gradient[i]!;
      const m = beta1 * mean[i]! + (1 - beta1) * g;
      const v = beta2 * squares[i]! + (1 - beta2) * g * g;
      mean[i] = m;
      squares[i] = v;
      parameter[i] = parameter[i]! - (learningRate * (m / firstBias)) / (Math.sqrt(v / secondBias) + epsilon);
    }
  }
}
