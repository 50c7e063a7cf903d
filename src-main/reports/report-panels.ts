import type { Content, TableCell } from 'pdfmake/interfaces.js';
import type { ReportData, ReportPanel } from './report-data.ts';
import { figure, ink, pageWidth, scaleTitles } from './report-style.ts';

const gap = 8;
const side = (pageWidth - 3 * gap) / 4;

const png = (bytes: Uint8Array): string => `data:image/png;base64,${Buffer.from(bytes).toString('base64')}`;

const picture = (bytes: Uint8Array | null, missing: string): Content =>
  bytes
    ? { image: png(bytes), fit: [side, side] }
    : { text: missing, color: ink.muted, fontSize: 8, margin: [0, side / 2 - 8, 0, 0], alignment: 'center' };

/** One block an image, never broken over a page: query, support, map, ground truth. */
export function panelBlocks({ panels, evaluation, run, scale, range, colourBar }: ReportData): Content[] {
  const which =
    panels.length < run.done
      ? `The ${panels.length} images with the highest image score, of ${run.done}.`
      : 'All scored images, highest image score first.';
  const threshold = evaluation.pixel.f1maxThreshold;
  return [
    { text: 'Images', style: 'heading', pageBreak: 'before' },
    {
      columns: [
        {
          width: '*',
          style: 'muted',
          text: `${which} Maps: ${scaleTitles[scale]}, inferno, one colour range for all. The white line on a map and the blue line on the query are the threshold ${figure(threshold)} (F1-max) and the ground truth.`,
        },
        {
          width: 170,
          stack: [{ image: png(colourBar), width: 150, height: 9, alignment: 'right' }, barNumbers(range)],
        },
      ],
      columnGap: 16,
      margin: [0, 0, 0, 10],
    },
    ...panels.map((panel) => block(panel)),
  ];
}

function barNumbers({ low, high }: { low: number; high: number }): Content {
  const number = (value: number, alignment: 'left' | 'center' | 'right'): TableCell => ({
    text: value.toFixed(2),
    fontSize: 7,
    color: ink.muted,
    alignment,
  });
  return {
    margin: [20, 1, 0, 0],
    table: {
      widths: [44, '*', 44],
      body: [[number(low, 'left'), number((low + high) / 2, 'center'), number(high, 'right')]],
    },
    layout: {
      defaultBorder: false,
      paddingLeft: () => 0,
      paddingRight: () => 0,
      paddingTop: () => 0,
      paddingBottom: () => 0,
    },
  };
}

function block(panel: ReportPanel): Content {
  const { figures, pictures } = panel;
  const supportCaption =
    panel.supportName === null
      ? 'support'
      : `support: ${panel.supportName} (${figure(panel.supportSimilarity)})`;
  const numbers = [
    `image score ${figure(panel.imageScore)}`,
    ...(figures && figures.auroc !== null
      ? [
          `AUROC ${figure(figures.auroc)}`,
          `AP ${figure(figures.ap)}`,
          `Dice ${figure(figures.dice)}`,
          `IoU ${figure(figures.iou)}`,
        ]
      : []),
  ];
  const caption = (text: string): Content => ({ text, fontSize: 7, color: ink.muted, margin: [0, 2, 0, 0] });
  const cell = (content: Content, text: string) => ({ width: side, stack: [content, caption(text)] });
  return {
    unbreakable: true,
    margin: [0, 0, 0, 12],
    stack: [
      {
        columns: [
          {
            text: [
              { text: panel.name, bold: true },
              { text: `   ${panel.label}`, color: ink.muted },
            ],
          },
          { text: numbers.join('   '), alignment: 'right', width: 'auto' },
        ],
        margin: [0, 0, 0, 4],
      },
      {
        columnGap: gap,
        columns: [
          cell(picture(pictures.query, ''), 'query'),
          cell(picture(pictures.support, 'no support image'), supportCaption),
          cell(picture(pictures.map, ''), 'anomaly map'),
          cell(picture(pictures.truth, 'no ground truth'), 'ground truth'),
        ],
      },
    ],
  };
}
