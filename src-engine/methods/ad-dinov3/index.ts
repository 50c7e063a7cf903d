export { adamStep, type AdamOptions, defaultAdam, type Moments, zeroMoments } from './adam.ts';
export { fusedScore, fuseLevels } from './fuse.ts';
export {
  type AdapterShape,
  defaultLoss,
  type ForwardOptions,
  type LossOptions,
  SMALLEST_NORM,
} from './options.ts';
export { adaptText, textGradient } from './text-adapter.ts';
export {
  type AdapterWeights,
  fillWeights,
  initialWeights,
  parametersOf,
  type TwoLayers,
  zeroWeights,
} from './weights.ts';
