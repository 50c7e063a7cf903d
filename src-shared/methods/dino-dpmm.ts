import { z } from 'zod';
import {
  Aggregation,
  aggregationParameter,
  ForegroundChoice,
  foregroundParameters,
  oneLayer,
  seed,
  seedParameter,
  shots,
  shotsParameter,
} from './common.ts';
import { aggregationTexts, type MethodDefinition } from './definition.ts';
import { field } from './parameter.ts';

export const DpmmDistance = z.enum([
  'cosine',
  'euclidean',
  'squared-euclidean',
  'mahalanobis',
  'squared-mahalanobis',
  'likelihood',
]);
export type DpmmDistance = z.infer<typeof DpmmDistance>;

export const DinoDpmmSettings = z.object({
  method: z.literal('dino-dpmm'),
  ...oneLayer,
  shots,
  seed,
  foreground: ForegroundChoice,
  /** Components at most: where the mixture is truncated. */
  components: z.int().min(2).max(1000),
  covariance: z.enum(['diagonal', 'full']),
  epochs: z.int().min(1).max(500),
  /** Images a batch. */
  batch: z.int().min(1).max(256),
  /** Part of the references held out to choose the epoch by its likelihood; 0 keeps the last. */
  validation: z.number().min(0).max(0.5),
  distance: DpmmDistance,
  aggregation: Aggregation,
});
export type DinoDpmmSettings = z.infer<typeof DinoDpmmSettings>;

export const dinoDpmm: MethodDefinition<DinoDpmmSettings> = {
  title: 'DINO-DPMM',
  summary: 'distance of every patch to the components of a Dirichlet process mixture of the references',
  steps: [
    'The unit patch features of the references are described by a truncated Dirichlet process mixture of Gaussians.',
    'It is fitted by mini-batch expectation maximisation; the epoch with the best likelihood on held-out normals is kept.',
    'The score of a patch is its distance to the nearest component whose weight is above 0.000001, or minus the log likelihood.',
  ],
  assumes: [
    'Normal patches form groups that Gaussians describe; position does not matter.',
    'There are enough references to fit them: every batch starts as many components as it has rows at most.',
  ],
  fails: [
    'Few references: components collapse on single patches, and likelihoods mean little.',
    'Semantic anomalies: a normal part in the wrong place has normal patches.',
    'Rare normal patches without a component of their own.',
  ],
  source: 'DINO-DPMM, Schulthess et al.; NicoSchulthess/anomalydino-dpmm',
  references: 'bank',
  defaults: {
    method: 'dino-dpmm',
    model: 'scatter16',
    size: 448,
    fit: 'squash',
    layer: null,
    shots: null,
    seed: 0,
    foreground: { rule: 'all' },
    components: 50,
    covariance: 'diagonal',
    epochs: 40,
    batch: 12,
    validation: 0.1,
    distance: 'cosine',
    aggregation: 'top-percent',
  },
  parameters: [
    shotsParameter(),
    seedParameter(
      'Which block of the references is taken, the start of the mixture and the order of the batches.',
    ),
    ...foregroundParameters<DinoDpmmSettings>(),
    {
      ...field<DinoDpmmSettings, 'components'>('components'),
      label: 'Components',
      help: 'Gaussians at most; the mixture learns how many it uses. 500 in the paper, on a GPU.',
      kind: 'number',
      min: 2,
      max: 1000,
      step: 1,
      whole: true,
    },
    {
      ...field<DinoDpmmSettings, 'covariance'>('covariance'),
      label: 'Covariance',
      help: 'Diagonal: a variance a channel. Full: all covariances, which many channels make slow and large.',
      kind: 'choice',
      options: [
        { value: 'diagonal', label: 'Diagonal' },
        { value: 'full', label: 'Full' },
      ],
    },
    {
      ...field<DinoDpmmSettings, 'epochs'>('epochs'),
      label: 'Epochs',
      help: 'Passes over the references. 40 in the paper.',
      kind: 'number',
      min: 1,
      max: 200,
      step: 1,
      whole: true,
    },
    {
      ...field<DinoDpmmSettings, 'batch'>('batch'),
      label: 'Batch',
      help: 'Images an update. 12 in the paper.',
      kind: 'number',
      min: 1,
      max: 64,
      step: 1,
      whole: true,
    },
    {
      ...field<DinoDpmmSettings, 'validation'>('validation'),
      label: 'Held out',
      help: 'Part of the references that chooses the epoch to keep by its likelihood; 0 keeps the last epoch.',
      kind: 'number',
      min: 0,
      max: 0.5,
      step: 0.05,
      whole: false,
    },
    {
      ...field<DinoDpmmSettings, 'distance'>('distance'),
      label: 'Distance',
      help: 'From a patch to the nearest mean, plain or measured by its covariance; or minus the log likelihood.',
      kind: 'choice',
      options: [
        { value: 'cosine', label: 'Cosine' },
        { value: 'euclidean', label: 'Euclidean' },
        { value: 'squared-euclidean', label: 'Squared Euclidean' },
        { value: 'mahalanobis', label: 'Mahalanobis' },
        { value: 'squared-mahalanobis', label: 'Squared Mahalanobis' },
        { value: 'likelihood', label: 'Minus the log likelihood' },
      ],
    },
    aggregationParameter(),
  ],
  mapRule: () => ({ resize: 'bilinear', sigma: 0 }),
  imageScore: ({ aggregation }) => aggregationTexts[aggregation],
};
