import type { Mask } from '#shared/arrays.ts';
import { connectedRegions } from '#shared/regions.ts';

/** What a binary mark found of the lesions of one image. */
export interface LesionHits {
  readonly lesions: number;
  /** Lesions with at least one marked pixel. */
  readonly found: number;
  /** Marked regions that touch no lesion. */
  readonly falsePositives: number;
}

/** Counts by the rule of the FROC curve: regions are 8-connected, one common pixel is a hit. Both have one size. */
export function lesionHits(marked: Mask, truth: Mask): LesionHits {
  const lesions = connectedRegions(truth);
  const regions = connectedRegions(marked);
  const found = new Set<number>();
  const touching = new Set<number>();
  for (let i = 0; i < truth.data.length; i++) {
    const [lesion, region] = [lesions.labels[i]!, regions.labels[i]!];
    if (lesion === 0 || region === 0) continue;
    found.add(lesion);
    touching.add(region);
  }
  return { lesions: lesions.count, found: found.size, falsePositives: regions.count - touching.size };
}
