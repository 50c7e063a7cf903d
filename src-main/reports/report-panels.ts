import type { Content, TableCell } from 'pdfmake/interfaces.js';
import { digitsFor, score, similarity } from '#shared/score-text.ts';
import type { ReportData, ReportPanel } from './report-data.ts';
import { figure, ink, pageWidth, scaleTitles } from './report-style.ts';

const gap = 8;
const side = (pageWidth - 3 * gap) / 4;

const jpeg = (bytes: Uint8Array): string => `data:image/jpeg;base64,${Buffer.from(bytes).toString('base64')}`;

/** A picture, or an empty frame of the same size that says what is missing. */
const picture = (bytes: Uint8Array | null, missing: string): Content =>
  bytes
    ? { image: jpeg(bytes), fit: [side, side] }
    : {
        stack: [
          {
            canvas: [
              {
                type: 'rect',
                x: 0.5,
                y: 0.5,
                w: side - 1,
                h: side - 1,
                lineColor: ink.line,
                dash: { length: 3 },
              },
            ],
          },
          {
            text: missing,
            color: ink.muted,
            fontSize: 8,
            alignment: 'center',
            relativePosition: { x: 0, y: -side / 2 - 5 },
          },
        ],
      };

const truthCaptions = {
  drawn: 'ground truth',
  empty: 'ground truth: known to be empty',
  unknown: '',
} as const;

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
          text: `${which} Maps: ${scaleTitles[scale]}, inferno, one colour range for all. The white line on a map and the blue line on the query are the threshold ${score(threshold)} (F1-max) and the ground truth.`,
        },
        {
          width: 170,
          stack: [{ image: jpeg(colourBar), width: 150, height: 9, alignment: 'right' }, barNumbers(range)],
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
    text: value.toFixed(digitsFor(high - low, 2)),
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
      : `support: ${panel.supportName} (${similarity(panel.supportSimilarity)})`;
  const numbers = [
    `image score ${score(panel.imageScore)}`,
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
          cell(picture(pictures.truth, 'ground truth unknown'), truthCaptions[panel.truth]),
        ],
      },
    ],
  };
}
