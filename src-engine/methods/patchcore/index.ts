export { coresetSize, greedyCoreset } from './coreset.ts';
export type { Coreset } from './coreset.ts';
export { poolNeighbourhood } from './feature-map.ts';
export type { FeatureMap } from './feature-map.ts';
export { scorePatchCore } from './score.ts';
export type { PatchCoreScore } from './score.ts';
