export { coresetSize, coresetSteps, greedyCoreset } from './coreset.ts';
export type { Coreset } from './coreset.ts';
export { poolPatches } from './feature-map.ts';
export { bankRow, largestPatch, neighbourhoodWeight, scorePatchCore } from './score.ts';
export type { PatchCoreScore } from './score.ts';
