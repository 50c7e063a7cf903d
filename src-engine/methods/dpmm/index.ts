export { negativeMeanLogLikelihood, startFit, updateFit } from './fit.ts';
export type { FitSettings, FitState } from './fit.ts';
export { logWeights, weights } from './mixture.ts';
export type { CovarianceKind, Mixture } from './mixture.ts';
export { initialMixture } from './start.ts';
export type { StartSettings } from './start.ts';
export { scoreDpmm } from './score.ts';
export type { DpmmScore } from './score.ts';
