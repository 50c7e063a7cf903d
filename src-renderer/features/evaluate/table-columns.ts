import type { Evaluation } from '#shared/results.ts';
import type { TableColumn } from '../../design/index.ts';
import { figureText } from '../../text/format.ts';
import { score } from '../inspect/index.ts';

export type ImageRow = Evaluation['perImage'][number];

const figure = (key: 'auroc' | 'ap' | 'dice' | 'iou', label: string): TableColumn<ImageRow> => ({
  key,
  label,
  numeric: true,
  width: '58px',
  text: (row) => figureText(row[key], 3),
  sortBy: (row) => row[key],
});

/** The per-image table; picture, name and label are drawn by the table itself. */
export const imageColumns: readonly TableColumn<ImageRow>[] = [
  { key: 'picture', label: '', width: '52px' },
  { key: 'name', label: 'Image', sortBy: (row) => row.name },
  { key: 'label', label: 'Kind', width: '48px', sortBy: (row) => row.label },
  {
    key: 'score',
    label: 'Score, raw',
    numeric: true,
    width: '84px',
    text: (row) => score(row.imageScore),
    sortBy: (row) => row.imageScore,
  },
  figure('auroc', 'AUROC'),
  figure('ap', 'AP'),
  figure('dice', 'Dice'),
  figure('iou', 'IoU'),
  {
    key: 'hd95',
    label: 'HD95',
    numeric: true,
    width: '88px',
    text: (row) => (row.hd95 === null ? '–' : `${row.hd95.toFixed(1)} ${row.hd95Unit}`),
    sortBy: (row) => row.hd95,
  },
];
