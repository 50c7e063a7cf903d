/** What the settings of several methods have in common. */
import { z } from 'zod';
import { field, type Parameter } from './parameter.ts';

/**
 * How an image becomes a multiple of the patch: `squash` resizes it to a square, so that the grid covers all of it; `crop`
 * brings its shorter edge to the size, keeps its shape and cuts the longer edge at the right or bottom (AnomalyDINO).
 */
export const Fit = z.enum(['squash', 'crop']);
export type Fit = z.infer<typeof Fit>;

const input = {
  model: z.string(),
  /** Edge in pixels, a multiple of the model's patch. */
  size: z.int().min(64).max(2048),
  fit: Fit.default('squash'),
};

/** Features of one layer. */
export const oneLayer = {
  ...input,
  /** Layer whose normed patch features are compared, counted from 1; null takes the model's own output. */
  layer: z.int().min(1).nullable().default(null),
};

/** Features of several layers, resized to the grid of the first and joined; none takes the model's own output. */
export const severalLayers = { ...input, layers: z.array(z.int().min(1)).max(12).default([]) };

export const seed = z.int().min(0);

/** Normal images taken as references; null takes all. */
export const shots = z.int().min(1).max(100_000).nullable();

/** Standard deviation of the Gaussian over the full-size map, in pixels of the image; 0 = none. */
export const sigma = z.number().min(0).max(64);

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

/** How patch scores become the score of an image. */
export const Aggregation = z.enum(['top-percent', 'largest-patch', 'largest-pixel']);
export type Aggregation = z.infer<typeof Aggregation>;

export function foregroundParameters<S extends { foreground: ForegroundChoice }>(): Parameter<S>[] {
  return [
    {
      name: 'foreground',
      label: 'Foreground',
      help: 'Which patches count; the others get score 0. A black background is told by its pixels, which are 0.',
      kind: 'choice',
      options: [
        { value: 'nonzero', label: 'Pixels other than 0' },
        { value: 'all', label: 'Every patch' },
      ],
      get: ({ foreground }) => foreground.rule,
      set: (settings, rule) => ({
        ...settings,
        foreground: rule === 'all' ? { rule } : { rule: 'nonzero', closing: 3 },
      }),
    },
    {
      name: 'closing',
      label: 'Closing',
      help: 'Edge in pixels of the square that closes holes in the foreground; odd, 1 leaves it as it is.',
      kind: 'number',
      min: 1,
      max: 31,
      step: 2,
      whole: true,
      applies: ({ foreground }) => foreground.rule === 'nonzero',
      get: ({ foreground }) => (foreground.rule === 'nonzero' ? foreground.closing : 1),
      set: (settings, closing) => ({ ...settings, foreground: { rule: 'nonzero', closing: closing ?? 1 } }),
    },
  ];
}

export const shotsParameter = <S extends { shots: number | null }>(): Parameter<S> => ({
  ...field<S, 'shots'>('shots'),
  label: 'Shots',
  help: 'Normal images taken as references: a block of their names in sorted order. The seed r takes block r, from 0.',
  kind: 'number',
  min: 1,
  max: 512,
  step: 1,
  whole: true,
  absent: 'all normal images',
});

export const seedParameter = <S extends { seed: number }>(help: string): Parameter<S> => ({
  ...field<S, 'seed'>('seed'),
  label: 'Seed',
  help,
  kind: 'number',
  min: 0,
  max: 9999,
  step: 1,
  whole: true,
});

export const sigmaParameter = <S extends { sigma: number }>(): Parameter<S> => ({
  ...field<S, 'sigma'>('sigma'),
  label: 'Smoothing',
  help: 'Standard deviation, in pixels of the image, of the Gaussian over the full-size map; 0 leaves the map as it is.',
  kind: 'number',
  min: 0,
  max: 16,
  step: 0.5,
  whole: false,
});

export const aggregationParameter = <S extends { aggregation: Aggregation }>(): Parameter<S> => ({
  ...field<S, 'aggregation'>('aggregation'),
  label: 'Image score',
  help: 'How the patch scores of an image become one number.',
  kind: 'choice',
  options: [
    { value: 'top-percent', label: 'Mean of the top 1 % of patches' },
    { value: 'largest-patch', label: 'Largest patch' },
    { value: 'largest-pixel', label: 'Largest pixel of the smoothed map' },
  ],
});
