import { methods, type RunSettings } from '../methods/index.ts';
import {
  type AdapterNeed,
  dataSetSplit,
  type ExpectedRow,
  paperTraining,
  type Protocol,
} from './protocol.ts';

const settings = (model: string): RunSettings => ({
  ...methods['ad-dinov3'].defaults,
  model,
  size: paperTraining.size,
});
const point = (row: string, adapter: AdapterNeed) => ({ row, settings, adapter });

const full = 'four levels, calibrated';
const uncalibrated = 'without calibration';
const lastLevel = 'last level only';

const rows = (
  values: readonly (readonly [row: string, pixelAuroc: number, pixelF1max: number])[],
): ExpectedRow[] =>
  values.map(([row, pixelAuroc, pixelF1max]) => ({ row, figures: { pixelAuroc, pixelF1max } }));
const only = (pixelAuroc: number, pixelF1max: number): ExpectedRow[] =>
  rows([[full, pixelAuroc, pixelF1max]]);

/** Zero-shot: adapters trained on VisA for every target but VisA, on MVTec AD for VisA. */
export const adDinov3Paper: Protocol = {
  id: 'ad-dinov3-paper',
  title: 'AD-DINOv3 paper',
  source:
    'AD-DINOv3 paper, results and ablation (means over the categories); raw DINOv3 without text alignment is 76.2 / 20.5 on MVTec AD there',
  scale: 'raw',
  scope: 'all',
  locks: [
    dataSetSplit,
    'adapter trained on the test images of VisA (of MVTec AD where VisA is tested), none of whose classes or images are tested',
    `training: ${paperTraining.epochs} epochs, batches of ${paperTraining.batch}, learning rate ${paperTraining.learningRate}, bottleneck ${paperTraining.bottleneck}`,
    'images squashed to 512 x 512, in training and test',
    'maps not smoothed, pooled over all test images; pixel AUROC and F1-max',
  ],
  figures: ['pixelAuroc', 'pixelF1max'],
  points: [
    point(full, { levels: 'quarters', calibration: true }),
    point(uncalibrated, { levels: 'quarters', calibration: false }),
    point(lastLevel, { levels: 'last', calibration: true }),
  ],
  model: { title: 'DINOv3 ViT-L/16', matches: /dinov3.*(large|vitl|l16|l-16)/i },
  categories: { 'MVTec AD': 15, VisA: 12, BTAD: 3, MPDD: 6 },
  tolerance: 1,
  expected: {
    'MVTec AD': rows([
      [full, 91.6, 50.1],
      [uncalibrated, 91.0, 47.0],
      [lastLevel, 90.4, 48.2],
    ]),
    VisA: only(95.6, 37.7),
    BTAD: only(93.5, 51.7),
    MPDD: only(96.2, 38.8),
    ISIC: only(89.0, 72.1),
    ColonDB: only(80.8, 38.4),
    ClinicDB: only(90.4, 54.3),
    TN3K: only(77.8, 41.1),
  },
};
