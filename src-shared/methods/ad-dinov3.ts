import { z } from 'zod';
import { PromptList } from '../prompts.ts';
import { severalLayers, sigma, sigmaParameter } from './common.ts';
import type { MethodDefinition } from './definition.ts';
import { field } from './parameter.ts';

export const AdDinov3Settings = z.object({
  method: z.literal('ad-dinov3'),
  /** The image encoder the adapter was trained for; layers are the adapter's levels. */
  ...severalLayers,
  /** SHA-256 of the adapter file; empty until one is chosen. */
  adapter: z.string(),
  /** Name of the text encoder. */
  text: z.string(),
  /** What the images show, as a person would say it. */
  className: z.string(),
  /** Null: the list the adapter was trained with. */
  prompts: PromptList.nullable().default(null),
  /** Levels whose maps count: all, or the last alone (an ablation). */
  levels: z.enum(['all', 'last']).default('all'),
  sigma,
});
export type AdDinov3Settings = z.infer<typeof AdDinov3Settings>;

export const adDinov3: MethodDefinition<AdDinov3Settings> = {
  title: 'AD-DINOv3',
  summary: 'zero-shot with text; adapters trained on an auxiliary set, not training-free',
  steps: [
    'Patch features of four levels of the encoder go through an adapter, one a level, into the space of the text vectors.',
    'The text vectors of "normal" and "abnormal" are the means of many sentences about the class.',
    'The score of a patch at a level is the softmax of its cosines to the two, times 100: the probability of abnormal.',
    'The map is the mean of the levels.',
  ],
  assumes: [
    'The adapter was trained on other classes with masks: neither class nor images of this study are in it.',
    'The class name says what the images show.',
  ],
  fails: [
    'Anomalies unlike any the auxiliary set has masks for.',
    'Encoders other than the ones the adapter was trained with: they are refused.',
    'Logical anomalies, which no patch shows.',
  ],
  source: 'AD-DINOv3, arXiv 2509.14084; trained in Nidus, for the authors published neither code nor weights',
  references: 'none',
  defaults: {
    method: 'ad-dinov3',
    model: 'scatter16',
    size: 512,
    fit: 'squash',
    layers: [],
    adapter: '',
    text: '',
    className: 'object',
    prompts: null,
    levels: 'all',
    sigma: 0,
  },
  parameters: [
    {
      ...field<AdDinov3Settings, 'levels'>('levels'),
      label: 'Levels',
      help: 'Which levels of the encoder make the map. The paper takes all; the last alone is its ablation.',
      kind: 'choice',
      options: [
        { value: 'all', label: 'All' },
        { value: 'last', label: 'Last only' },
      ],
    },
    sigmaParameter(),
  ],
  mapRule: (settings) => ({ resize: 'bilinear', sigma: settings.sigma }),
  imageScore: () => 'mean of the top 1 % of the pixels of the map at the size of the input',
};
