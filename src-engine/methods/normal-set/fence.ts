/** Modified z-score beyond which a value stands out (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993). */
const cutOff = 3.5;
/** Makes the median absolute deviation of normally distributed values their standard deviation. */
const consistency = 1.4826;
const fewest = 8;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The value that `share` of the values do not exceed; the lower one where it falls between two. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/**
 * What positive values of one kind do not exceed: modified z-score of 3.5 of their logarithms, because distances are
 * skewed to the right. Null for fewer than eight values, of which nothing can be said.
 */
export function upperFence(values: readonly number[]): number | null {
  const logarithms = values.filter((value) => value > 0).map(Math.log);
  if (logarithms.length < fewest) return null;
  const centre = median(logarithms);
  const spread = consistency * median(logarithms.map((value) => Math.abs(value - centre)));
  return Math.exp(centre + cutOff * spread);
}
