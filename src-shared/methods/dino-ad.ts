import { z } from 'zod';
import { ImageId } from '../domain.ts';
import { ForegroundChoice, foregroundParameters, oneLayer, seed, seedParameter } from './common.ts';
import { aggregationTexts, type MethodDefinition } from './definition.ts';
import { field } from './parameter.ts';

export const SupportChoice = z.discriminatedUnion('kind', [
  /** The `count` normal images whose embeddings are most similar to the query's (DINO-AD step 2; the paper takes one). */
  z.object({ kind: z.literal('matched'), count: z.int().min(1).max(16) }),
  /** `count` normal images drawn with the run's seed (the paper's ablation). */
  z.object({ kind: z.literal('random'), count: z.int().min(1).max(16) }),
  /** The same images, picked by hand, for every query. */
  z.object({ kind: z.literal('chosen'), images: z.array(ImageId).min(1).max(64) }),
]);
export type SupportChoice = z.infer<typeof SupportChoice>;

export const maximumK = 16;

export const DinoAdSettings = z.object({
  method: z.literal('dino-ad'),
  ...oneLayer,
  k: z.int().min(1).max(maximumK),
  support: SupportChoice,
  /** Normal images that are always among the matched support images, before those that are most similar. */
  pinned: z.array(ImageId).max(16).default([]),
  /** Normal images that are never matched or drawn. */
  banned: z.array(ImageId).max(1000).default([]),
  foreground: ForegroundChoice,
  /** Leave the query's background out of the map (score 0). Without it black patches decide the scale. */
  maskQueryBackground: z.boolean(),
  seed,
});
export type DinoAdSettings = z.infer<typeof DinoAdSettings>;

const supportTexts = { matched: 'Most similar', random: 'Drawn at random', chosen: 'Picked by hand' };

export const dinoAd: MethodDefinition<DinoAdSettings> = {
  title: 'DINO-AD',
  summary:
    'K-means on the foreground of the most similar normal image, 1 - mean cosine similarity to the centroids',
  steps: [
    'The support image is the normal image whose embedding has the largest cosine similarity to that of the query.',
    'The patch features of its foreground are clustered by K-means.',
    'The score of a query patch is 1 minus the mean over the K centroids of the cosine similarity.',
  ],
  assumes: [
    'Among the normal images is one that shows the same anatomy or product in the same view.',
    'A few clusters describe normal foreground; where a patch lies in the image does not matter.',
  ],
  fails: [
    'The matched normal image shows another slice level or product variant: look at the similarity of the support image.',
    'Semantic anomalies: something that looks like normal tissue elsewhere, or a normal part in the wrong place.',
    'At the border of the object, where patches are half background.',
  ],
  source: 'DINO-AD paper (no public code)',
  references: 'support',
  defaults: {
    method: 'dino-ad',
    model: 'scatter16',
    size: 448,
    fit: 'squash',
    layer: null,
    k: 2,
    support: { kind: 'matched', count: 1 },
    pinned: [],
    banned: [],
    foreground: { rule: 'nonzero', closing: 3 },
    maskQueryBackground: true,
    seed: 0,
  },
  parameters: [
    {
      ...field<DinoAdSettings, 'k'>('k'),
      label: 'Clusters K',
      help: 'Clusters of the foreground of the support image. More describe it in finer parts; 2 is best in the paper.',
      kind: 'number',
      min: 1,
      max: maximumK,
      step: 1,
      whole: true,
    },
    {
      name: 'support',
      label: 'Support',
      help: 'Which normal images a query is compared with: the most similar, random ones (an ablation), or the same for all.',
      kind: 'choice',
      options: Object.entries(supportTexts).map(([value, label]) => ({ value, label })),
      get: ({ support }) => support.kind,
      set: (settings, kind) => ({
        ...settings,
        support:
          kind === 'chosen' && settings.support.kind === 'chosen'
            ? settings.support
            : { kind: kind === 'random' ? 'random' : 'matched', count: countOf(settings) },
      }),
    },
    {
      name: 'support-count',
      label: 'Support images',
      help: 'Normal images a query is compared with; their foregrounds are clustered together. The paper takes one.',
      kind: 'number',
      min: 1,
      max: 16,
      step: 1,
      whole: true,
      applies: ({ support }) => support.kind !== 'chosen',
      get: countOf,
      set: (settings, count) =>
        settings.support.kind === 'chosen'
          ? settings
          : { ...settings, support: { kind: settings.support.kind, count: count ?? 1 } },
    },
    ...foregroundParameters<DinoAdSettings>(),
    {
      name: 'query-background',
      label: 'Query background',
      help: 'Score the background of the query too, as the paper seems to. Black patches then decide the min-max scale.',
      kind: 'toggle',
      get: ({ maskQueryBackground }) => !maskQueryBackground,
      set: (settings, scored) => ({ ...settings, maskQueryBackground: !scored }),
    },
    seedParameter('Seed of K-means and of random support images.'),
  ],
  mapRule: () => ({ resize: 'bilinear', sigma: 0 }),
  imageScore: () => aggregationTexts['top-percent'],
};

function countOf({ support }: DinoAdSettings): number {
  return support.kind === 'chosen' ? support.images.length : support.count;
}
