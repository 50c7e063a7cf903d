import { methods, type RunSettings } from '../methods/index.ts';
import { dataSetSplit, type ExpectedRow, type Protocol, type ProtocolPoint } from './protocol.ts';

const base = (model: string) => ({ ...methods['dino-ad'].defaults, model });
const clusters = [1, 2, 3, 4];

const points: readonly ProtocolPoint[] = [
  ...clusters.map((k) => ({
    row: `K = ${k}`,
    settings: (model: string): RunSettings => ({ ...base(model), k }),
  })),
  {
    row: 'random support image',
    settings: (model) => ({ ...base(model), support: { kind: 'random', count: 1 } }),
  },
];

const rows = (values: readonly (readonly [row: string, auroc: number, ap: number])[]): ExpectedRow[] =>
  values.map(([row, pixelAuroc, pixelAp]) => ({ row, figures: { pixelAuroc, pixelAp } }));

/** Tables 1 to 3 of the DINO-AD paper. The rows of other methods in table 1 stand under `bmad`. */
export const dinoAdPaper: Protocol = {
  id: 'dino-ad-paper',
  title: 'DINO-AD paper',
  source: 'DINO-AD paper, tables 1 to 3 (K = 2 with matched support is the main result)',
  scale: 'minmax',
  scope: 'abnormal',
  locks: [
    dataSetSplit,
    'pixel figures over abnormal test images only',
    'every map scaled to 0..1 by its own minimum and maximum',
    'one support image, the most similar normal image (random in the ablation)',
    'images squashed to 448 x 448, foreground of the support image: pixels other than 0, closed 3 x 3',
    'pixel AUROC and average precision',
  ],
  figures: ['pixelAuroc', 'pixelAp'],
  points,
  model: { title: 'DINOv3', matches: /dinov3/i },
  categories: {},
  tolerance: 0.5,
  expected: {
    'BMAD brain': rows([
      ['K = 1', 96.54, 66.41],
      ['K = 2', 98.22, 70.52],
      ['K = 3', 97.67, 69.17],
      ['K = 4', 97.19, 68.45],
      ['random support image', 84.21, 55.14],
    ]),
    'BMAD liver': rows([
      ['K = 1', 95.61, 18.01],
      ['K = 2', 98.71, 21.42],
      ['K = 3', 97.14, 20.87],
      ['K = 4', 96.42, 19.74],
      ['random support image', 80.19, 9.23],
    ]),
  },
};

/** Every method of Nidus over all test images, raw; beside table 1 of the DINO-AD paper. */
export const bmad: Protocol = {
  id: 'bmad',
  title: 'BMAD',
  source: 'BMAD evaluates all test images; published numbers: DINO-AD paper, table 1',
  scale: 'raw',
  scope: 'all',
  locks: [
    dataSetSplit,
    'pixel figures over all test images, normal ones included',
    'raw scores, one scale for all images',
    'all normal training images, each method with the settings of its authors',
    'pixel AUROC and average precision, image AUROC',
  ],
  figures: ['pixelAuroc', 'pixelAp', 'imageAuroc'],
  points: (
    [
      ['DINO-AD', 'dino-ad'],
      ['AnomalyDINO', 'anomaly-dino'],
      ['DINO-DPMM', 'dino-dpmm'],
      ['PatchCore', 'patchcore'],
      ['PaDiM', 'padim'],
    ] as const
  ).map(([row, method]) => ({
    row,
    settings: (model: string): RunSettings => ({ ...methods[method].defaults, model }),
  })),
  model: { title: 'the model of each method', matches: /dinov[23]/i },
  categories: {},
  tolerance: 1,
  expected: {
    'BMAD brain': rows([
      ['DINO-AD', 98.22, 70.52],
      ['AnomalyDINO', 97.71, 58.69],
      ['DINO-DPMM', 96.21, 43.43],
      ['PatchCore', 98.34, 67.37],
      ['PaDiM', 85.77, 8.21],
    ]),
    'BMAD liver': rows([
      ['DINO-AD', 98.71, 21.42],
      ['AnomalyDINO', 97.24, 17.91],
      ['DINO-DPMM', 95.46, 9.02],
      ['PatchCore', 96.67, 5.66],
      ['PaDiM', 89.77, 1.66],
    ]),
  },
};
