import type { ContentTable } from 'pdfmake/interfaces.js';
import { dash } from '#shared/score-text.ts';

export const notice = 'Research use only - not for diagnosis';
export const ink = {
  text: '#1a1f26',
  muted: '#5a6472',
  line: '#d5dae1',
  accent: '#0b6fa4',
  warning: '#8a5a00',
  soft: '#f3f5f8',
};
export const pageWidth = 515;

export const figure = (value: number | null | undefined): string =>
  value === null || value === undefined ? dash : value.toFixed(4);
export const scaleTitles = { raw: 'raw scores', minmax: "paper's per-image min-max" } as const;

/** Rows of figures with thin lines between them. */
export const ruled: ContentTable['layout'] = {
  hLineWidth: (line, node) => (line === 0 || line === node.table.body.length ? 0 : 0.5),
  vLineWidth: () => 0,
  hLineColor: () => ink.line,
  paddingTop: () => 4,
  paddingBottom: () => 4,
};
