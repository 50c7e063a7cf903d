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

export const PadimSettings = z.object({
  method: z.literal('padim'),
  ...severalLayers,
  shots,
  seed,
  foreground: ForegroundChoice,
  /** Channels drawn at random once; all where there are no more. */
  channels: z.int().min(1).max(1024),
  /** Added to the variances; 0.01 in the paper. */
  shrinkage: z.number().min(0).max(1000),
  sigma,
});
export type PadimSettings = z.infer<typeof PadimSettings>;

export const padim: MethodDefinition<PadimSettings> = {
  title: 'PaDiM',
  summary: 'Mahalanobis distance of every patch to a Gaussian of the same position in the references',
  steps: [
    'The layers are joined on the grid of the first, and some channels are drawn at random once.',
    'Every position of the grid gets the mean and covariance of the references there.',
    'The score of a patch is its Mahalanobis distance to the Gaussian of its position.',
  ],
  assumes: [
    'All images are aligned: the same part lies at the same place.',
    'Features at one position are roughly Gaussian.',
  ],
  fails: [
    'Images that are moved, turned, or of different slice levels: positions do not correspond.',
    'Fewer references than channels: the covariance is then mostly the shrinkage.',
    'Semantic anomalies whose patches look as expected at their place.',
  ],
  source: 'PaDiM, Defard et al., ICPR 2021; anomalib',
  references: 'bank',
  defaults: {
    method: 'padim',
    model: 'scatter16',
    size: 448,
    fit: 'squash',
    layers: [],
    shots: null,
    seed: 0,
    foreground: { rule: 'all' },
    channels: 100,
    shrinkage: 0.01,
    sigma: 4,
  },
  parameters: [
    shotsParameter(),
    seedParameter('Which block of the references is taken, and which channels are drawn.'),
    ...foregroundParameters<PadimSettings>(),
    {
      ...field<PadimSettings, 'channels'>('channels'),
      label: 'Channels',
      help: 'Channels drawn at random once. More see more and need more references and memory.',
      kind: 'number',
      min: 1,
      max: 550,
      step: 1,
      whole: true,
    },
    {
      ...field<PadimSettings, 'shrinkage'>('shrinkage'),
      label: 'Shrinkage',
      help: 'Added to every variance, so that the covariance can be inverted. It belongs to the size of the features.',
      kind: 'number',
      min: 0,
      max: 1,
      step: 0.001,
      whole: false,
    },
    sigmaParameter(),
  ],
  mapRule: (settings) => ({ resize: 'bilinear', sigma: settings.sigma }),
  imageScore: () => 'largest pixel of the smoothed raw map',
};
