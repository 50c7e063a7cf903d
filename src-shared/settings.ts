/** What a run does: method, model and every parameter. Stored with the run, shown in the report. */
import { z } from 'zod';
import { ImageId } from './domain.ts';

export const SupportChoice = z.discriminatedUnion('kind', [
  /** The `count` normal images whose embeddings are most similar to the query's (DINO-AD step 2; the paper takes one). */
  z.object({ kind: z.literal('matched'), count: z.int().min(1).max(16) }),
  /** `count` normal images drawn with the run's seed (the paper's ablation). */
  z.object({ kind: z.literal('random'), count: z.int().min(1).max(16) }),
  /** The same images, picked by hand, for every query. */
  z.object({ kind: z.literal('chosen'), images: z.array(ImageId).min(1).max(64) }),
]);
export type SupportChoice = z.infer<typeof SupportChoice>;

export const ForegroundChoice = z.discriminatedUnion('rule', [
  /** Pixel != 0, closed with a square of `closing` pixels (1 = no closing). */
  z.object({
    rule: z.literal('nonzero'),
    closing: z
      .int()
      .min(1)
      .max(31)
      .refine((n) => n % 2 === 1, 'The closing size must be odd'),
  }),
  /** Every patch counts: for pictures without a black background. */
  z.object({ rule: z.literal('all') }),
]);
export type ForegroundChoice = z.infer<typeof ForegroundChoice>;

export const maximumK = 16;

export const DinoAdSettings = z.object({
  method: z.literal('dino-ad'),
  model: z.string(),
  /** Images are resized to size x size; a multiple of the model's patch. */
  size: z.int().min(64).max(2048),
  /** Layer whose normed patch features are compared, counted from 1; null takes the model's own output. */
  layer: z.int().min(1).nullable().default(null),
  k: z.int().min(1).max(maximumK),
  support: SupportChoice,
  foreground: ForegroundChoice,
  /** Leave the query's background out of the map (score 0). Without it black patches decide the scale. */
  maskQueryBackground: z.boolean(),
  seed: z.int().min(0),
});
export type DinoAdSettings = z.infer<typeof DinoAdSettings>;

/** One member a method; `method` tells them apart. */
export const RunSettings = z.discriminatedUnion('method', [DinoAdSettings]);
export type RunSettings = z.infer<typeof RunSettings>;

export const defaultSettings: DinoAdSettings = {
  method: 'dino-ad',
  model: 'scatter16',
  size: 448,
  layer: null,
  k: 2,
  support: { kind: 'matched', count: 1 },
  foreground: { rule: 'nonzero', closing: 3 },
  maskQueryBackground: true,
  seed: 0,
};
