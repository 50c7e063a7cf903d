export { scoreBatch, tailScores, tailSize } from './batched.ts';
export type { BatchedScore, BatchedSettings, TailRule } from './batched.ts';
export {
  buildMemoryBank,
  countedRows,
  distancesFrom,
  maskScores,
  patchDistances,
  queryRows,
  scoreFewShot,
} from './memory-bank.ts';
export type { FewShotScore, MemoryBank, PatchDistances, PatchMetric } from './memory-bank.ts';
export {
  cleanObjectMask,
  defaultObjectMask,
  firstComponent,
  objectMask,
  passesMaskingTest,
  rawObjectMask,
} from './object-mask.ts';
export type { MaskCleanUp, ObjectMaskSettings, RawObjectMask } from './object-mask.ts';
export { referenceAngles, rotateImage } from './rotation.ts';
