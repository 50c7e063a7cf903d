import type { ComparedImage, Comparison, PairedFigure } from '#shared/evaluation.ts';
import type { Run } from '#shared/results.ts';
import type { TableColumn } from '../../../design/index.ts';
import { countText, figureText } from '../../../text/format.ts';
import { score } from '../../inspect/index.ts';

export interface FigureRow {
  readonly name: string;
  readonly figure: PairedFigure;
}

export const figureRows = ({ pixel, image }: Comparison): FigureRow[] => [
  { name: 'Pixel AUROC', figure: pixel.auroc },
  { name: 'Pixel AP', figure: pixel.ap },
  { name: 'Pixel F1-max', figure: pixel.f1max },
  { name: 'AUPRO 0.3', figure: pixel.aupro },
  { name: 'Image AUROC', figure: image.auroc },
  { name: 'Image AP', figure: image.ap },
  { name: 'Image F1-max', figure: image.f1max },
];

const signed = (value: number | null | undefined, digits = 3) =>
  value === null || value === undefined ? '–' : `${value > 0 ? '+' : ''}${value.toFixed(digits)}`;

export const figureColumns = (run: Run, other: Run): readonly TableColumn<FigureRow>[] => [
  { key: 'name', label: 'Figure', width: '100px', text: ({ name }) => name },
  {
    key: 'first',
    label: `Run ${run.id}`,
    numeric: true,
    width: '68px',
    text: (row) => figureText(row.figure.first, 4),
  },
  {
    key: 'second',
    label: `Run ${other.id}`,
    numeric: true,
    width: '68px',
    text: (row) => figureText(row.figure.second, 4),
  },
  {
    key: 'difference',
    label: 'Difference',
    numeric: true,
    width: '78px',
    text: (row) => signed(row.figure.difference, 4),
  },
  {
    key: 'interval',
    label: '95 %',
    numeric: true,
    width: '128px',
    text: ({ figure: { interval } }) =>
      interval ? `${signed(interval.low)} to ${signed(interval.high)}` : '–',
  },
  { key: 'p', label: 'p', numeric: true, width: '56px', text: (row) => figureText(row.figure.p) },
];

const gain = ({ ap }: ComparedImage) => (ap[0] === null || ap[1] === null ? null : ap[1] - ap[0]);

const pair = (key: 'ap' | 'dice', label: string): TableColumn<ComparedImage> => ({
  key,
  label,
  numeric: true,
  width: '52px',
  text: (row) => `${figureText(row[key][0], 2)}\n${figureText(row[key][1], 2)}`,
  sortBy: (row) => row[key][1],
});

export const imageColumns: readonly TableColumn<ComparedImage>[] = [
  { key: 'picture', label: '', width: '52px' },
  { key: 'name', label: 'Image', sortBy: (row) => row.name },
  { key: 'label', label: 'Kind', width: '52px', sortBy: (row) => row.label },
  {
    key: 'scores',
    label: 'Scores',
    numeric: true,
    width: '84px',
    text: (row) => `${score(row.scores[0])}\n${score(row.scores[1])}`,
    sortBy: (row) => row.scores[1],
  },
  pair('ap', 'AP'),
  {
    key: 'gain',
    label: 'AP gain',
    numeric: true,
    width: '76px',
    text: (row) => signed(gain(row)),
    sortBy: gain,
  },
  pair('dice', 'Dice'),
  {
    key: 'correlation',
    label: 'Map r',
    numeric: true,
    width: '60px',
    text: (row) => figureText(row.correlation, 2),
    sortBy: (row) => row.correlation,
  },
  {
    key: 'agreement',
    label: 'Overlap',
    numeric: true,
    width: '72px',
    text: (row) => figureText(row.agreement, 2),
    sortBy: (row) => row.agreement,
  },
];

export const wordsOf = (comparison: Comparison): string[] => {
  const { images, replicates, deLong, rankCorrelation, kappa } = comparison;
  return [
    `${countText(images, 'common image')}, ${replicates.toLocaleString('en')} replicates over patients`,
    ...(deLong ? [`DeLong, image AUROC: p ${figureText(deLong.p)}`] : []),
    `Rank correlation of image scores ${figureText(rankCorrelation)}, kappa of decisions ${figureText(kappa)}`,
  ];
};
