import { z } from 'zod';
import { Aggregation, aggregationParameter, oneLayer, seed, sigma, sigmaParameter } from './common.ts';
import { aggregationTexts, type MethodDefinition } from './definition.ts';
import { field } from './parameter.ts';
import {
  maskDefaults,
  maskFields,
  maskRuleParameter,
  objectMaskParameters,
  usesObjectMask,
} from './patch-mask.ts';

export const AnomalyDinoBatchedSettings = z.object({
  method: z.literal('anomaly-dino-batched'),
  ...oneLayer,
  seed,
  ...maskFields,
  /** Part of the distances whose mean is a patch's score; 0.001 in the paper. */
  quantile: z.number().min(0.00001).max(0.5),
  /** `inclusive`: the floor(quantile x bank) smallest, at least one; `official`: those strictly below the last of them. */
  tail: z.enum(['inclusive', 'official']),
  aggregation: Aggregation,
  sigma,
});
export type AnomalyDinoBatchedSettings = z.infer<typeof AnomalyDinoBatchedSettings>;

export const anomalyDinoBatched: MethodDefinition<AnomalyDinoBatchedSettings> = {
  title: 'AnomalyDINO, batched',
  summary: 'distance of every patch to the nearest patches of all other query images (zero-shot)',
  steps: [
    'The bank of an image is all patches of all other query images; there are no references.',
    'The score of a patch is the mean of the smallest 0.1 % of its cosine distances to the bank.',
    'Patches outside the object mask get 0. The map is resized bilinearly and smoothed.',
  ],
  assumes: [
    'Anomalies are rare: most of what the query images show is normal.',
    'No two anomalies look alike, or they are fewer than the 0.1 % that count.',
  ],
  fails: [
    'The same defect on many images: each finds the others and passes for normal.',
    'Few query images, or each showing something else: normal patches have nothing near them.',
    'Semantic anomalies: a normal part in the wrong place has normal patches.',
  ],
  source: 'AnomalyDINO, Damm et al., WACV 2025, section 3.3',
  references: 'queries',
  defaults: {
    method: 'anomaly-dino-batched',
    model: 'scatter16',
    size: 448,
    fit: 'squash',
    layer: null,
    seed: 0,
    ...maskDefaults,
    quantile: 0.001,
    tail: 'inclusive',
    aggregation: 'top-percent',
    sigma: 4,
  },
  parameters: [
    maskRuleParameter(),
    ...objectMaskParameters<AnomalyDinoBatchedSettings>(usesObjectMask),
    {
      ...field<AnomalyDinoBatchedSettings, 'quantile'>('quantile'),
      label: 'Quantile',
      help: 'Part of the distances to all other images whose mean is the score of a patch. 0.001 in the paper.',
      kind: 'number',
      min: 0.0001,
      max: 0.05,
      step: 0.0001,
      whole: false,
    },
    {
      ...field<AnomalyDinoBatchedSettings, 'tail'>('tail'),
      label: 'Tail',
      help: "Inclusive counts the smallest distances up to the quantile. The authors' code leaves the last of them out.",
      kind: 'choice',
      options: [
        { value: 'inclusive', label: 'Inclusive' },
        { value: 'official', label: "As the authors' code" },
      ],
    },
    aggregationParameter(),
    sigmaParameter(),
  ],
  mapRule: (settings) => ({ resize: 'bilinear', sigma: settings.sigma }),
  imageScore: ({ aggregation }) => aggregationTexts[aggregation],
};
