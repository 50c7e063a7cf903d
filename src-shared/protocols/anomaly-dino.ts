import { methods, type RunSettings } from '../methods/index.ts';
import { dataSetSplit, type ExpectedRow, type Protocol, type ProtocolPoint } from './protocol.ts';

type Size = 448 | 672;
const shots = [1, 2, 4, 8, 16];
/** Run r takes the r-th consecutive block of references in sorted order. */
const seeds = [0, 1, 2];
const batched = 'batched zero-shot';

const row = (count: number | null) => (count === null ? 'full' : `${count}-shot`);
const settings =
  (count: number | null, seed: number, size: Size) =>
  (model: string): RunSettings => ({
    ...methods['anomaly-dino'].defaults,
    model,
    size,
    fit: 'crop',
    shots: count,
    seed,
    // Full-shot results of the paper: masking only, no rotation.
    ...(count === null
      ? { preprocessing: 'custom' as const, rotate: false, mask: 'tested' as const }
      : { preprocessing: 'agnostic' as const }),
  });

const points = (size: Size): ProtocolPoint[] => [
  ...shots.flatMap((count) =>
    seeds.map((seed) => ({ row: row(count), settings: settings(count, seed, size) })),
  ),
  { row: row(null), settings: settings(null, 0, size) },
  {
    row: batched,
    settings: (model) => ({
      ...methods['anomaly-dino-batched'].defaults,
      model,
      size,
      fit: 'crop',
      mask: 'tested',
    }),
  },
];

type Numbers = readonly [
  imgAuroc: number,
  imgF1: number,
  imgAp: number,
  pxAuroc: number,
  pxF1: number,
  pro: number,
];
const named = ([imageAuroc, imageF1max, imageAp, pixelAuroc, pixelF1max, aupro]: Numbers) => ({
  imageAuroc,
  imageF1max,
  imageAp,
  pixelAuroc,
  pixelF1max,
  aupro,
});
const table = (
  zeroShot: number,
  rows: readonly (readonly [count: number | null, figures: Numbers, deviations?: Numbers])[],
): ExpectedRow[] => [
  ...rows.map(([count, figures, deviations]) => ({
    row: row(count),
    figures: named(figures),
    ...(deviations ? { deviations: named(deviations) } : {}),
  })),
  { row: batched, figures: { imageAuroc: zeroShot } },
];

const ofSize = (size: Size, expected: Protocol['expected']): Protocol => ({
  id: size === 448 ? 'anomaly-dino-paper' : `anomaly-dino-paper-${size}`,
  title: `AnomalyDINO paper, ${size} px`,
  source: `AnomalyDINO paper, full tables and table 4 at ${size} px (means over all categories, three runs)`,
  scale: 'raw',
  scope: 'all',
  locks: [
    dataSetSplit,
    'references of run 1, 2, 3: the first, second, third consecutive block of n in sorted order',
    `shorter edge ${size} px, cropped to a multiple of the patch`,
    'agnostic preprocessing (eight rotations, masking test); full-shot without rotation; batched with the masking test on the first image',
    'one nearest neighbour, image score: mean of the top 1 % of the patches',
    'maps smoothed with sigma 4, pooled over all test images of a category; PRO to 0.3; mean over the categories',
  ],
  figures: ['imageAuroc', 'imageF1max', 'imageAp', 'pixelAuroc', 'pixelF1max', 'aupro'],
  points: points(size),
  model: { title: 'DINOv2 ViT-S/14', matches: /dinov2.*(small|vits|s14|s-14)/i },
  categories: { 'MVTec AD': 15, VisA: 12 },
  tolerance: 0.5,
  expected,
});

/** MVTec AD and VisA; numbers are means over the categories, one study each. */
export const anomalyDinoPaper = ofSize(448, {
  'MVTec AD': table(93.0, [
    [1, [96.5, 96.0, 98.1, 96.3, 57.9, 91.7], [0.4, 0.2, 0.3, 0.1, 0.8, 0.1]],
    [2, [96.7, 96.5, 98.1, 96.5, 58.5, 92.0], [0.8, 0.4, 0.7, 0.2, 0.5, 0.2]],
    [4, [97.6, 97.0, 98.4, 96.7, 59.2, 92.4], [0.1, 0.3, 0.3, 0.1, 0.4, 0.1]],
    [8, [98.0, 97.4, 99.0, 97.0, 59.6, 92.7], [0.1, 0.1, 0.2, 0.1, 0.2, 0]],
    [16, [98.3, 97.7, 99.3, 97.1, 60.0, 92.9], [0.1, 0.2, 0, 0.1, 0.1, 0.1]],
    [null, [99.3, 98.8, 99.7, 97.9, 61.8, 93.9]],
  ]),
  VisA: table(89.7, [
    [1, [85.6, 83.1, 86.6, 97.5, 41.9, 90.7], [1.5, 1.1, 1.3, 0.1, 0.5, 0.5]],
    [2, [88.3, 84.8, 89.2, 97.8, 44.2, 91.7], [1.8, 1.2, 1.3, 0.1, 0.3, 0.5]],
    [4, [91.3, 87.5, 91.8, 98.0, 46.1, 92.5], [0.8, 1.0, 0.7, 0, 0.3, 0.2]],
    [8, [92.6, 88.6, 92.9, 98.2, 47.6, 93.3], [0.1, 0.2, 0.2, 0, 0.5, 0.2]],
    [16, [93.8, 89.9, 94.2, 98.3, 48.6, 93.8], [0.1, 0.3, 0.3, 0, 0.3, 0.2]],
    [null, [97.2, 93.7, 97.6, 98.7, 50.5, 95.0]],
  ]),
});

export const anomalyDinoPaper672 = ofSize(672, {
  'MVTec AD': table(94.2, [
    [1, [96.6, 95.8, 98.2, 96.8, 60.2, 92.7], [0.4, 0.5, 0.2, 0.1, 1.1, 0.1]],
    [2, [96.9, 96.1, 98.2, 97.0, 61.0, 93.1], [0.7, 0.3, 0.5, 0.2, 0.5, 0.2]],
    [4, [97.7, 96.6, 98.7, 97.2, 61.8, 93.4], [0.2, 0, 0.1, 0.1, 0.1, 0.1]],
    [8, [98.2, 97.4, 99.1, 97.4, 62.3, 93.8], [0.2, 0.2, 0.1, 0.1, 0.1, 0.1]],
    [16, [98.4, 97.6, 99.3, 97.5, 62.7, 94.0], [0.1, 0.1, 0, 0, 0.1, 0.1]],
    [null, [99.5, 99.0, 99.8, 98.2, 64.3, 95.0]],
  ]),
  VisA: table(90.7, [
    [1, [87.4, 84.3, 89.0, 97.8, 45.1, 92.5], [1.2, 0.5, 1.0, 0.1, 0.9, 0.5]],
    [2, [89.7, 86.3, 90.7, 98.0, 47.6, 93.4], [1.3, 1.2, 0.8, 0.1, 0.5, 0.6]],
    [4, [92.6, 88.8, 92.9, 98.2, 49.4, 94.1], [0.9, 0.9, 0.7, 0, 0.3, 0.1]],
    [8, [93.8, 90.0, 94.3, 98.4, 51.1, 94.8], [0.3, 0.1, 0.4, 0, 0.4, 0.2]],
    [16, [94.8, 90.9, 95.3, 98.5, 52.5, 95.3], [0.2, 0.2, 0.3, 0, 0.5, 0.2]],
    [null, [97.6, 94.5, 98.0, 98.8, 53.8, 96.1]],
  ]),
});
