/** Scores as people read them: in the window, the report and the terminal. */

/** What stands for a figure that is not defined, never 0. */
export const dash = '–';

const mostDigits = 8;

/** Digits behind the point that tell values of this size apart; at least `least`. Raw scores may be a thousandth. */
export function digitsFor(size: number, least: number): number {
  if (!(size > 0)) return least;
  return Math.min(mostDigits, Math.max(least, Math.ceil(-Math.log10(size)) + least - 1));
}

/** A score: three digits behind the point, three that count when it is small. */
export function score(value: number | null | undefined): string {
  if (value === null || value === undefined) return dash;
  return value.toFixed(digitsFor(Math.abs(value), 3));
}

/** A cosine similarity: four digits, more when it is so close to 1 that they would say no more. */
export function similarity(value: number | null | undefined): string {
  if (value === null || value === undefined) return dash;
  return value.toFixed(value < 1 ? Math.min(6, Math.max(4, Math.ceil(-Math.log10(1 - value)) + 1)) : 4);
}
