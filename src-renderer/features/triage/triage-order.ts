/** The order in which images are put before a reader, and how fast they go. Pure. */
import type { StudyImage } from '#shared/domain.ts';
import { createRandom } from '#shared/random.ts';
import type { RunResult } from '#shared/results.ts';
import { orderQueue, type QueueItem } from '../inspect/model/queue.ts';

export const triageOrders = ['score', 'threshold', 'similarity', 'name', 'shuffled'] as const;
export type TriageOrder = (typeof triageOrders)[number];

/** Orders that say nothing of what the machine thinks of an image. */
export const blindOrders: readonly TriageOrder[] = ['shuffled', 'name'];

/**
 * Query images, most suspicious first (`score`, `similarity`), hardest to decide first (`threshold`: image score
 * closest to it), by name, or shuffled the same way for the same seed. Images without a score come last.
 */
export function orderTriage(
  images: readonly StudyImage[],
  results: readonly RunResult[],
  order: TriageOrder,
  threshold: number,
  seed: number,
): QueueItem[] {
  if (order === 'shuffled') return shuffled(orderQueue(images, results, 'name', false), seed);
  if (order !== 'threshold') return orderQueue(images, results, order, false);
  const distance = ({ score }: QueueItem) => (score === null ? Infinity : Math.abs(score - threshold));
  return orderQueue(images, results, 'score', false).toSorted((a, b) => {
    const [left, right] = [distance(a), distance(b)];
    return left === right ? 0 : left - right;
  });
}

function shuffled<Item>(items: readonly Item[], seed: number): Item[] {
  const random = createRandom(seed);
  const result = [...items];
  for (let last = result.length - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [result[last], result[other]] = [result[other]!, result[last]!];
  }
  return result;
}

const recent = 20;
/** A pause this long is no reading. Milliseconds. */
const longestPause = 120_000;

/** Images a minute over the last verdicts; null before there are two. `times` are milliseconds, ascending. */
export function pace(times: readonly number[]): number | null {
  const steps: number[] = [];
  const last = times.slice(-recent - 1);
  for (let i = 1; i < last.length; i++) {
    const step = last[i]! - last[i - 1]!;
    if (step <= longestPause) steps.push(step);
  }
  if (steps.length === 0) return null;
  const mean = steps.reduce((sum, step) => sum + step, 0) / steps.length;
  return mean <= 0 ? null : 60_000 / mean;
}
