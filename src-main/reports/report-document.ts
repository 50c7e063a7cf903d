import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import { setTitle } from '#shared/references.ts';
import type { RankingFigures } from '#shared/results.ts';
import { settingRows } from '#shared/methods/index.ts';
import { score } from '#shared/score-text.ts';
import type { ReportData } from './report-data.ts';
import { histogramSvg } from './histogram-svg.ts';
import { decisionTable, intervalsTable } from './report-decision.ts';
import { panelBlocks } from './report-panels.ts';
import { figure, ink, notice, pageWidth, ruled, scaleTitles } from './report-style.ts';

/** A4, pages numbered, the notice on every page. */
export function reportDocument(data: ReportData): TDocumentDefinitions {
  const { study, run, createdAt, nidusVersion } = data;
  return {
    pageSize: 'A4',
    pageMargins: [40, 48, 40, 52],
    info: {
      title: `Nidus report: ${study.name}, run ${run.id}`,
      creator: `Nidus ${nidusVersion}`,
      subject: notice,
    },
    defaultStyle: { font: 'Roboto', fontSize: 9, color: ink.text, lineHeight: 1.2 },
    styles: {
      title: { fontSize: 20, bold: true },
      heading: { fontSize: 12, bold: true, margin: [0, 16, 0, 6] },
      muted: { color: ink.muted },
    },
    footer: (page, pages) => ({
      margin: [40, 16, 40, 0],
      fontSize: 8,
      columns: [
        { text: notice, color: ink.warning, bold: true },
        { text: `${study.name}, run ${run.id}`, alignment: 'center', color: ink.muted },
        { text: `Page ${page} of ${pages}`, alignment: 'right', color: ink.muted },
      ],
    }),
    content: [
      { text: study.name, style: 'title' },
      {
        text: `Anomaly detection report, run ${run.id}, ${createdAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
        style: 'muted',
        margin: [0, 2, 0, 10],
      },
      banner(),
      ...figures(data),
      ...intervalsTable(data),
      ...histogram(data),
      ...decisionTable(data),
      ...method(data),
      ...panelBlocks(data),
    ],
  };
}

function banner(): Content {
  return {
    table: {
      widths: ['*'],
      body: [[{ text: notice, bold: true, color: ink.warning, fillColor: '#fff6e0', margin: [8, 5, 8, 5] }]],
    },
    layout: 'noBorders',
  };
}

const head = (text: string): TableCell => ({
  text,
  color: ink.muted,
  fontSize: 8,
  alignment: text === '' ? 'left' : 'right',
});
const right = (text: string): TableCell => ({ text, alignment: 'right' });

const rankingCells = ({ auroc, ap, f1max, f1maxThreshold }: RankingFigures): TableCell[] =>
  [figure(auroc), figure(ap), figure(f1max), score(f1maxThreshold)].map(right);

function figures({ evaluation, scale }: ReportData): Content[] {
  const { pixel, image, images, labelledImages, unknownGroundTruth, scope } = evaluation;
  const pooled = `${images} ${scope === 'abnormal' ? 'abnormal images' : 'images'}, ${pixel.positives.toLocaleString('en')} of ${pixel.count.toLocaleString('en')} pixels anomalous`;
  const unknown =
    unknownGroundTruth > 0
      ? ` ${unknownGroundTruth} images are left out because their ground truth is unknown.`
      : '';
  return [
    { text: 'Figures', style: 'heading' },
    {
      table: {
        widths: ['*', 60, 60, 60, 80, 60],
        body: [
          [head(''), head('AUROC'), head('AP'), head('F1-max'), head('at threshold'), head('AUPRO 0.3')],
          [`Pixels, ${scaleTitles[scale]}`, ...rankingCells(pixel), right(figure(pixel.aupro))],
          ['Images, raw scores', ...rankingCells(image), right('')],
        ],
      },
      layout: ruled,
    },
    {
      text: `Pixel figures over ${pooled}. Image figures over ${labelledImages} labelled images; an image's score is the mean of its top 1 % of raw patch scores.${unknown}`,
      style: 'muted',
      fontSize: 8,
      margin: [0, 4, 0, 0],
    },
  ];
}

function histogram({ evaluation, scale }: ReportData): Content[] {
  const { pixel, image } = evaluation.histogram;
  const half = pageWidth / 2 - 8;
  return [
    {
      margin: [0, 12, 0, 0],
      columnGap: 16,
      columns: [
        { width: half, svg: histogramSvg(image, half, 130, 'Images by raw score') },
        { width: half, svg: histogramSvg(pixel, half, 130, `Pixels by score (${scaleTitles[scale]})`) },
      ],
    },
  ];
}

function method({ run, model, device, times, referenceSetHash, nidusVersion }: ReportData): Content[] {
  const rows: [string, string][] = [
    ...settingRows(run.settings),
    ['Model', model ? `${model.name}: ${model.title}` : run.settings.model],
    ['Model SHA-256', run.modelSha256],
    [
      'Reference set',
      run.referenceSet ? `${setTitle(run.referenceSet)}, ${run.referenceSet.size} normal images` : 'none',
    ],
    ...(referenceSetHash === null ? [] : [['Reference set SHA-256', referenceSetHash] as [string, string]]),
    ['Images', `${run.done} scored, ${run.failed} failed, of ${run.total}`],
    ['Computed on', `${device}, Nidus ${nidusVersion}, ${run.createdAt}`],
    [
      'Milliseconds per image',
      Object.entries(times)
        .map(([stage, ms]) => `${stage} ${ms.toFixed(1)}`)
        .join(', '),
    ],
  ];
  return [
    { text: 'Method and parameters', style: 'heading' },
    {
      table: {
        widths: [140, '*'],
        body: rows.map(([name, value]) => [{ text: name, color: ink.muted }, value]),
      },
      layout: ruled,
    },
  ];
}
