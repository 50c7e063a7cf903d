/** Figures of a run as they are shown; the common ones are in `text/format.ts`. */
import { dash } from '#shared/score-text.ts';

export { dash, digitsFor, score, similarity } from '#shared/score-text.ts';

export function milliseconds(value: number): string {
  if (value < 10) return `${value.toFixed(1)} ms`;
  return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

export const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? dash : value.toLocaleString('en');
