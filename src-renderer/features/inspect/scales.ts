import { z } from 'zod';
import type { Scale } from '#shared/domain.ts';

/** How a map is coloured. The calibrated scale is raw scores against those of the normal images. */
export const ShownScale = z.enum(['raw', 'minmax', 'calibrated']);
export type ShownScale = z.infer<typeof ShownScale>;

/** The scale whose numbers a threshold is in: decisions on the calibrated scale are made on raw scores. */
export const scoreScale = (shown: ShownScale): Scale => (shown === 'minmax' ? 'minmax' : 'raw');

interface ScaleName {
  readonly short: string;
  readonly long: string;
  readonly explanation: string;
}

/** What the two scales of the figures are called wherever a number stands on one. */
export const scaleNames: Readonly<Record<Scale, ScaleName>> = {
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

export const shownScaleNames: Readonly<Record<ShownScale, ScaleName>> = {
  ...scaleNames,
  calibrated: {
    short: 'calibrated on normals',
    long: 'Calibrated on the normal images',
    explanation:
      'How many of the pixels of your normal images are less hot, each of them scored against the others. Decisions stay on raw scores.',
  },
};
