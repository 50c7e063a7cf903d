import { z } from 'zod';
import {
  ForegroundChoice,
  foregroundParameters,
  seed,
  seedParameter,
  severalLayers,
  shots,
  shotsParameter,
  sigma,
  sigmaParameter,
} from './common.ts';
import type { MethodDefinition } from './definition.ts';
import { field } from './parameter.ts';

export const PatchCoreSettings = z.object({
  method: z.literal('patchcore'),
  ...severalLayers,
  shots,
  seed,
  foreground: ForegroundChoice,
  /** Mean over the 3 x 3 neighbourhood of every patch before anything else. */
  pooling: z.boolean(),
  /** Part of the reference patches that is kept. */
  coreset: z.number().min(0.0001).max(1),
  /** Bank vectors that weigh the image score; 1 leaves it unweighted. */
  neighbours: z.int().min(1).max(64),
  sigma,
  /** `paper`: bilinear, edge repeated; `anomalib`: nearest neighbour, edge reflected. */
  map: z.enum(['paper', 'anomalib']),
});
export type PatchCoreSettings = z.infer<typeof PatchCoreSettings>;

export const patchCore: MethodDefinition<PatchCoreSettings> = {
  title: 'PatchCore',
  summary: 'distance of every patch to the nearest patch of a coreset of the references',
  steps: [
    'The layers are joined on the grid of the first and averaged over 3 x 3 patches; features are not normalised.',
    'A farthest-point greedy coreset keeps a part of all reference patches.',
    'The score of a patch is its L2 distance to the nearest kept one.',
    'The image score is the largest patch score, weighted down where its nearest bank vector has close neighbours.',
  ],
  assumes: [
    'Every normal patch has something like it in at least one reference; position does not matter.',
    'Lengths of features carry meaning: they are compared as they are.',
  ],
  fails: [
    'Semantic anomalies: a normal part in the wrong place has normal patches.',
    'Uninformative references: normal variation that none of them shows is called anomalous.',
    'A coreset too small for rare normal patches.',
  ],
  source: 'PatchCore, Roth et al., CVPR 2022; anomalib',
  references: 'bank',
  defaults: {
    method: 'patchcore',
    model: 'scatter16',
    size: 448,
    fit: 'squash',
    layers: [],
    shots: null,
    seed: 0,
    foreground: { rule: 'all' },
    pooling: true,
    coreset: 0.1,
    neighbours: 9,
    sigma: 4,
    map: 'paper',
  },
  parameters: [
    shotsParameter(),
    seedParameter('Which block of the references is taken, and the first row of the coreset.'),
    ...foregroundParameters<PatchCoreSettings>(),
    {
      ...field<PatchCoreSettings, 'pooling'>('pooling'),
      label: 'Neighbourhood mean',
      help: 'Averages features over 3 x 3 patches first. It widens the field of view of early layers.',
      kind: 'toggle',
    },
    {
      ...field<PatchCoreSettings, 'coreset'>('coreset'),
      label: 'Coreset',
      help: 'Part of the reference patches that is kept. Less is faster, and misses rare normal patches first.',
      kind: 'number',
      min: 0.01,
      max: 1,
      step: 0.01,
      whole: false,
    },
    {
      ...field<PatchCoreSettings, 'neighbours'>('neighbours'),
      label: 'Neighbours',
      help: 'Bank vectors around the nearest one that weigh the image score; 1 leaves it unweighted.',
      kind: 'number',
      min: 1,
      max: 64,
      step: 1,
      whole: true,
    },
    sigmaParameter(),
    {
      ...field<PatchCoreSettings, 'map'>('map'),
      label: 'Map',
      help: 'Resized bilinearly as in the paper, or by nearest neighbour with a reflected border as anomalib does.',
      kind: 'choice',
      options: [
        { value: 'paper', label: 'Paper' },
        { value: 'anomalib', label: 'anomalib' },
      ],
    },
  ],
  mapRule: ({ map, sigma: width }) => ({ resize: map === 'paper' ? 'bilinear' : 'nearest', sigma: width }),
  imageScore: ({ neighbours }) =>
    neighbours === 1
      ? 'largest raw patch score'
      : `largest raw patch score, weighted by ${neighbours} neighbours of its nearest bank vector`,
};
