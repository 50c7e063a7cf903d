import type { PatchFeatures, PatchMask, ScoreMap } from '#shared/arrays.ts';
import { buildMemoryBank, scoreFewShot } from '../anomaly-dino/index.ts';

export interface CountedPatches {
  readonly features: PatchFeatures;
  readonly foreground: PatchMask;
}

export interface LeftOutScore {
  /** Cosine distance of every patch to the nearest patch of the others; 0 in the background. */
  readonly scores: ScoreMap;
  /** Mean of the largest 1 %. */
  readonly imageScore: number;
}

/**
 * How far a normal image lies from others, patch by patch: AnomalyDINO (section 3.1, cosine distance, top 1 %) with the
 * others' foreground as memory bank. Null when either side has no foreground.
 */
export function scoreLeftOut(image: CountedPatches, others: readonly CountedPatches[]): LeftOutScore | null {
  const bank = buildMemoryBank(
    others.map(({ features }) => features),
    'cosine',
    others.map(({ foreground }) => foreground),
  );
  if (bank.count === 0 || !image.foreground.data.includes(1)) return null;
  const { anomalyMap, imageScore } = scoreFewShot(bank, image.features, image.foreground);
  return { scores: anomalyMap, imageScore };
}
