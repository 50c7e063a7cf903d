import type { Scale } from '#shared/domain.ts';

/** What the two scales are called wherever a number stands on one. */
export const scaleNames: Readonly<Record<Scale, { short: string; long: string; explanation: string }>> = {
  minmax: {
    short: 'min-max (paper)',
    long: 'Min-max of each image (paper)',
    explanation:
      'Every image spans 0 to 1 on its own, as in the DINO-AD paper. Images cannot be compared by it.',
  },
  raw: {
    short: 'raw, 1 - cosine',
    long: 'Raw scores (1 - cosine similarity)',
    explanation: 'One scale for all images: 1 minus the mean cosine similarity to the centroids.',
  },
};
