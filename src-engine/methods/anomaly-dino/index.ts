export { scoreBatch } from './batched.ts';
export type { BatchedScore, BatchedSettings, TailRule } from './batched.ts';
export { buildMemoryBank, patchDistances, scoreFewShot } from './memory-bank.ts';
export type { FewShotScore, MemoryBank, PatchDistances, PatchMetric } from './memory-bank.ts';
export { cleanObjectMask, firstComponent, objectMask, rawObjectMask } from './object-mask.ts';
export type { MaskCleanUp, ObjectMaskSettings, RawObjectMask } from './object-mask.ts';
export { referenceAngles, rotateImage } from './rotation.ts';
