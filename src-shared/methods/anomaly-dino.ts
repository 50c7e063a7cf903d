import { z } from 'zod';
import {
  Aggregation,
  aggregationParameter,
  oneLayer,
  seed,
  seedParameter,
  shots,
  shotsParameter,
  sigma,
  sigmaParameter,
} from './common.ts';
import { aggregationTexts, type MethodDefinition } from './definition.ts';
import { field } from './parameter.ts';
import {
  maskDefaults,
  maskFields,
  type MaskRule,
  maskRuleParameter,
  objectMaskParameters,
  usesObjectMask,
} from './patch-mask.ts';

/** Categories of MVTec AD and VisA for which the authors' program knows what to do. */
const masked =
  'candle capsule capsules cashew chewinggum fryum macaroni1 macaroni2 pcb1 pcb2 pcb3 pcb4 pill pipe_fryum toothbrush';
const maskedAndTurned = 'hazelnut screw';
const neither = 'bottle cable carpet grid leather metal_nut tile transistor wood zipper';

const categories = [
  ...masked.split(' ').map((name) => ({ name, mask: true, rotate: false })),
  ...maskedAndTurned.split(' ').map((name) => ({ name, mask: true, rotate: true })),
  ...neither.split(' ').map((name) => ({ name, mask: false, rotate: false })),
].toSorted((a, b) => (a.name < b.name ? -1 : 1));

export const AnomalyDinoSettings = z.object({
  method: z.literal('anomaly-dino'),
  ...oneLayer,
  shots,
  seed,
  /** `agnostic`: rotated references and the masking test; `informed`: what is known of the category; `custom`: as set. */
  preprocessing: z.enum(['agnostic', 'informed', 'custom']),
  /** Category of MVTec AD or VisA, for `informed`. */
  category: z.string(),
  /** Rotated copies of the references by 45 .. 315 degrees, for `custom`. */
  rotate: z.boolean(),
  ...maskFields,
  /** Leave the background of the references out of the bank as well; not in the paper. */
  maskReferences: z.boolean(),
  k: z.int().min(1).max(64),
  aggregation: Aggregation,
  sigma,
});
export type AnomalyDinoSettings = z.infer<typeof AnomalyDinoSettings>;

/** What is done to references and test images under these settings. */
export function preparationOf(settings: AnomalyDinoSettings): { rotate: boolean; mask: MaskRule } {
  switch (settings.preprocessing) {
    case 'agnostic':
      return { rotate: true, mask: 'tested' };
    case 'informed': {
      const category = categories.find(({ name }) => name === settings.category);
      return { rotate: category?.rotate ?? false, mask: category?.mask ? 'object' : 'all' };
    }
    case 'custom':
      return { rotate: settings.rotate, mask: settings.mask };
  }
}

const custom = ({ preprocessing }: AnomalyDinoSettings): boolean => preprocessing === 'custom';

export const anomalyDino: MethodDefinition<AnomalyDinoSettings> = {
  title: 'AnomalyDINO',
  summary: 'distance of every patch to the nearest patches of all references (few-shot or full-shot)',
  steps: [
    'The patch features of the references, and of rotated copies if asked for, make a memory bank of unit vectors.',
    'The score of a test patch is the mean over its k nearest bank vectors of half the squared distance: the cosine distance.',
    'Patches outside the object mask get 0. The map is resized bilinearly and smoothed.',
  ],
  assumes: [
    'Every normal patch has something like it in at least one reference, in about the same orientation unless they are rotated.',
    'Where a patch lies in the image does not matter.',
  ],
  fails: [
    'Semantic anomalies: a normal part in the wrong place, or missing, has normal patches.',
    'Uninformative references: too few, or all of one kind, so that normal variation is far from the bank.',
    'The object mask with other features than those of DINOv2: its threshold belongs to their magnitudes.',
  ],
  source: 'AnomalyDINO, Damm et al., WACV 2025; dammsi/AnomalyDINO',
  references: 'bank',
  defaults: {
    method: 'anomaly-dino',
    model: 'scatter16',
    size: 448,
    fit: 'squash',
    layer: null,
    shots: null,
    seed: 0,
    preprocessing: 'custom',
    category: '',
    rotate: false,
    ...maskDefaults,
    maskReferences: false,
    k: 1,
    aggregation: 'top-percent',
    sigma: 4,
  },
  parameters: [
    shotsParameter(),
    seedParameter('Which block of the references is taken, counted from 0; without shots it has no effect.'),
    {
      ...field<AnomalyDinoSettings, 'preprocessing'>('preprocessing'),
      label: 'Preparation',
      help: 'Agnostic: rotated references and the masking test. Informed: what is known of the category. Custom: as you set it.',
      kind: 'choice',
      options: [
        { value: 'agnostic', label: 'Agnostic' },
        { value: 'informed', label: 'Informed' },
        { value: 'custom', label: 'Custom' },
      ],
    },
    {
      ...field<AnomalyDinoSettings, 'category'>('category'),
      label: 'Category',
      help: 'Category of MVTec AD or VisA; others are neither masked nor rotated.',
      kind: 'choice',
      options: [
        { value: '', label: 'Another' },
        ...categories.map(({ name }) => ({ value: name, label: name })),
      ],
      applies: ({ preprocessing }) => preprocessing === 'informed',
    },
    {
      ...field<AnomalyDinoSettings, 'rotate'>('rotate'),
      label: 'Rotated references',
      help: 'Adds each reference turned by 45, 90, ... 315 degrees: for objects that lie in any direction.',
      kind: 'toggle',
      applies: custom,
    },
    { ...maskRuleParameter<AnomalyDinoSettings>(), applies: custom },
    ...objectMaskParameters<AnomalyDinoSettings>((settings) => usesObjectMask(preparationOf(settings))),
    {
      ...field<AnomalyDinoSettings, 'maskReferences'>('maskReferences'),
      label: 'Mask references',
      help: 'Leaves the background of the references out of the bank too. The paper keeps it.',
      kind: 'toggle',
      applies: (settings) => preparationOf(settings).mask !== 'all',
    },
    {
      ...field<AnomalyDinoSettings, 'k'>('k'),
      label: 'Neighbours k',
      help: 'Bank vectors whose distances are averaged. More are less sensitive to an odd reference patch.',
      kind: 'number',
      min: 1,
      max: 64,
      step: 1,
      whole: true,
    },
    aggregationParameter(),
    sigmaParameter(),
  ],
  mapRule: (settings) => ({ resize: 'bilinear', sigma: settings.sigma }),
  imageScore: ({ aggregation }) => aggregationTexts[aggregation],
};
