import { methods, type RunSettings } from '../methods/index.ts';
import type { ExpectedRow, Protocol, ProtocolPoint } from './protocol.ts';

const size = 448;
const shots = [1, 2, 4, 8, 16];
/** Run r takes the r-th consecutive block of references in sorted order. */
const seeds = [0, 1, 2];

const row = (count: number | null) => (count === null ? 'full' : `${count}-shot`);
const settings =
  (count: number | null, seed: number) =>
  (model: string): RunSettings => ({
    ...methods['anomaly-dino'].defaults,
    model,
    size,
    shots: count,
    seed,
    // Full-shot results of the paper: masking only, no rotation.
    ...(count === null ? { preprocessing: 'custom' as const, rotate: false, mask: 'tested' as const } : {}),
  });

const points: readonly ProtocolPoint[] = [
  ...shots.flatMap((count) => seeds.map((seed) => ({ row: row(count), settings: settings(count, seed) }))),
  { row: row(null), settings: settings(null, 0) },
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
  rows: readonly (readonly [count: number | null, figures: Numbers, deviations?: Numbers])[],
): ExpectedRow[] =>
  rows.map(([count, figures, deviations]) => ({
    row: row(count),
    figures: named(figures),
    ...(deviations ? { deviations: named(deviations) } : {}),
  }));

/** MVTec AD and VisA at 448 pixels; numbers are means over the categories, a study is usually one of them. */
export const anomalyDinoPaper: Protocol = {
  id: 'anomaly-dino-paper',
  title: 'AnomalyDINO paper',
  source: 'AnomalyDINO paper, full tables at 448 px (means over all categories, three runs)',
  scale: 'raw',
  scope: 'all',
  locks: [
    'references of run 1, 2, 3: the first, second, third consecutive block of n in sorted order',
    'shorter edge 448 px, cropped to a multiple of the patch',
    'agnostic preprocessing (eight rotations, masking test); full-shot without rotation',
    'one nearest neighbour, image score: mean of the top 1 % of the patches',
    'maps smoothed with sigma 4, pooled over all test images; PRO to 0.3',
  ],
  figures: ['imageAuroc', 'imageF1max', 'imageAp', 'pixelAuroc', 'pixelF1max', 'aupro'],
  points,
  model: { title: 'DINOv2 ViT-S/14', matches: /dinov2.*(small|vits|s14|s-14)/i },
  tolerance: 0.5,
  expected: {
    'MVTec AD': table([
      [1, [96.5, 96.0, 98.1, 96.3, 57.9, 91.7], [0.4, 0.2, 0.3, 0.1, 0.1, 0.1]],
      [2, [96.7, 96.5, 98.1, 96.5, 58.5, 92.0], [0.8, 0.4, 0.7, 0.2, 0.1, 0.2]],
      [4, [97.6, 97.0, 98.4, 96.7, 59.2, 92.4], [0.1, 0.3, 0.3, 0.1, 0.4, 0.1]],
      [8, [98.0, 97.4, 99.0, 97.0, 59.6, 92.7], [0.1, 0.1, 0.2, 0.1, 0.2, 0.1]],
      [16, [98.3, 97.7, 99.3, 97.1, 60.0, 92.9], [0.1, 0.2, 0, 0.1, 0.1, 0.1]],
      [null, [99.3, 98.8, 99.7, 97.9, 61.8, 93.9]],
    ]),
    VisA: table([
      [1, [85.6, 83.1, 86.6, 97.5, 41.9, 90.7], [1.5, 1.1, 1.3, 0.1, 0.5, 0.5]],
      [2, [88.3, 84.8, 89.2, 97.8, 44.2, 91.7], [1.8, 1.2, 1.3, 0.1, 0.3, 0.5]],
      [4, [91.3, 87.5, 91.8, 98.0, 46.1, 92.5], [0.8, 1.0, 0.7, 0, 0.3, 0.2]],
      [8, [92.6, 88.6, 92.9, 98.2, 47.6, 93.3], [0.1, 0.2, 0.2, 0, 0.5, 0.2]],
      [16, [93.8, 89.9, 94.2, 98.3, 48.6, 93.8], [0.1, 0.3, 0.3, 0, 0.3, 0.2]],
      [null, [97.2, 93.7, 97.6, 98.7, 50.5, 95.0]],
    ]),
  },
};
