/** Figures of a run as they are shown; the common ones are in `text/format.ts`. */

/** What stands for a figure that is not defined, never 0. */
export const dash = '–';

/** A raw score: three digits behind the point, four when it is small. */
export function score(value: number | null | undefined): string {
  if (value === null || value === undefined) return dash;
  return value.toFixed(value !== 0 && Math.abs(value) < 0.1 ? 4 : 3);
}

export function milliseconds(value: number): string {
  if (value < 10) return `${value.toFixed(1)} ms`;
  return value < 10_000 ? `${Math.round(value)} ms` : `${(value / 1000).toFixed(1)} s`;
}

export const count = (value: number | null | undefined): string =>
  value === null || value === undefined ? dash : value.toLocaleString('en');
