/** A score histogram as the points of two outlines. */
import type { ScoreHistogram } from '#shared/results.ts';

export interface Outline {
  /** Score at the left edge of each bin, and share of the class in it in percent. */
  readonly points: readonly (readonly [score: number, share: number])[];
  readonly counts: readonly number[];
  readonly total: number;
}

/**
 * Each class as shares of its own total: abnormal pixels are a percent of all pixels, and on a common scale of
 * counts they would not be seen. The last edge repeats the last share, so that a step line ends with its bin.
 */
export function outline(edges: readonly number[], counts: readonly number[]): Outline {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const share = (count: number) => (total === 0 ? 0 : (100 * count) / total);
  const points = edges.map((edge, i) => [edge, share(counts[Math.min(i, counts.length - 1)] ?? 0)] as const);
  return { points, counts, total };
}

export const outlines = ({ edges, normal, abnormal }: ScoreHistogram) => ({
  normal: outline(edges, normal),
  abnormal: outline(edges, abnormal),
});

/** How much taller than the rest a single bin may be before it is cut off. */
const outstanding = 3;

export interface AxisTop {
  readonly top: number;
  /** The bin that is cut off: its left edge and its true share. */
  readonly cut: { readonly score: number; readonly share: number } | null;
}

/**
 * Where the axis of shares ends, in percent. Background that takes no part scores exactly 0 and piles up in one bin;
 * drawn whole it would press everything else flat, so an outstanding bin is cut off.
 */
export function axisTop(classes: readonly Outline[]): AxisTop {
  const bins = classes.flatMap(({ points }) => points.slice(0, -1)).toSorted(([, a], [, b]) => b - a);
  const [largest = 0, second = 0] = bins.map(([, share]) => share);
  const [first] = bins;
  if (!first || second === 0 || largest <= outstanding * second) return { top: largest, cut: null };
  return { top: second * 1.25, cut: { score: first[0], share: largest } };
}

/** The bin a score falls into; the ends belong to the outermost bins. */
export function binOf(edges: readonly number[], score: number): number {
  const after = edges.findIndex((edge) => edge > score);
  const bins = edges.length - 1;
  return Math.max(0, Math.min(bins - 1, (after === -1 ? bins : after) - 1));
}
