/** How far what a reader said blind, what they said with the map, the machine and the ground truth agree. */
import { z } from 'zod';

export const opinions = ['blind', 'revealed', 'machine', 'truth'] as const;
export const Opinion = z.enum(opinions);
export type Opinion = z.infer<typeof Opinion>;

/** Share of lesions found and false positive regions an image; null without lesions or images. */
export const DetectionPoint = z.object({
  images: z.int(),
  lesions: z.int(),
  sensitivity: z.number().nullable(),
  falsePositives: z.number().nullable(),
});
export type DetectionPoint = z.infer<typeof DetectionPoint>;

export const Agreement = z.object({
  /** Images with a reading of the reader that was blind. */
  images: z.int(),
  pairs: z.array(
    z.object({
      a: Opinion,
      b: Opinion,
      /** Mean over the images both have marks of, and at least one of them is not empty. */
      dice: z.object({ mean: z.number().nullable(), images: z.int() }),
      /** Cohen's kappa over the images both decided about. */
      kappa: z.object({ value: z.number().nullable(), images: z.int() }),
    }),
  ),
  /** Where each stands in the plane of the FROC curve; the machine at its pixel threshold. */
  detection: z.object({ blind: DetectionPoint, revealed: DetectionPoint, machine: DetectionPoint }),
  /** The machine's FROC curve over the same images, from the highest threshold down. */
  froc: z.array(z.object({ falsePositives: z.number(), sensitivity: z.number() })),
  /** Readings whose verdict was another once the map was shown / those with both verdicts. */
  changed: z.object({ count: z.int(), of: z.int() }),
  /** Median seconds to the verdict; null without one. */
  seconds: z.object({ blind: z.number().nullable(), revealed: z.number().nullable() }),
  /** Raw scores from which on the machine calls an image or a pixel anomalous; null without a run that says one. */
  thresholds: z.object({ image: z.number().nullable(), pixel: z.number().nullable() }),
});
export type Agreement = z.infer<typeof Agreement>;
