/** The reading list: query images in the order the reader wants them. */
import type { ImageId, Label, StudyImage } from '#shared/domain.ts';
import type { RunResult } from '#shared/results.ts';

export const queueOrders = ['score', 'name', 'similarity'] as const;
export type QueueOrder = (typeof queueOrders)[number];

export interface QueueItem {
  readonly id: ImageId;
  readonly name: string;
  readonly label: Label;
  /** Width over height. */
  readonly aspect: number;
  /** Raw image score of the run; null when the run has none for it. */
  readonly score: number | null;
  /** Similarity of its closest support image in the run. */
  readonly similarity: number | null;
  /** Why the run gave up on it. */
  readonly failure: string | null;
}

const byName = new Intl.Collator('en', { numeric: true });

/** Natural order of names: image 2 before image 10. */
export const compareNames = (a: string, b: string): number => byName.compare(a, b);

/**
 * Query images with what the run says of them. Highest score first, least similar first (both: most suspicious
 * on top), names ascending; `reversed` turns it round. Images without a value stay last either way.
 */
export function orderQueue(
  images: readonly StudyImage[],
  results: readonly RunResult[],
  order: QueueOrder,
  reversed: boolean,
): QueueItem[] {
  const outcomes = new Map(results.map((result) => [result.imageId, result.outcome]));
  const items = images
    .filter((image) => image.role === 'query')
    .map((image): QueueItem => {
      const outcome = outcomes.get(image.id);
      const scored = outcome?.state === 'scored' ? outcome : null;
      return {
        id: image.id,
        name: image.name,
        label: image.label,
        aspect: image.pixels.width / image.pixels.height,
        score: scored?.imageScore ?? null,
        similarity: scored?.support[0]?.similarity ?? null,
        failure: outcome?.state === 'failed' ? outcome.error.message : null,
      };
    });

  const direction = reversed ? -1 : 1;
  return items.sort((a, b) => {
    if (order === 'name') return direction * compareNames(a.name, b.name);
    const [left, right] = order === 'score' ? [b.score, a.score] : [a.similarity, b.similarity];
    const [own, other] = order === 'score' ? [a.score, b.score] : [a.similarity, b.similarity];
    if (own === null || other === null) {
      if (own !== null) return -1;
      if (other !== null) return 1;
      return compareNames(a.name, b.name);
    }
    return direction * (left! - right!) || compareNames(a.name, b.name);
  });
}

/** The image `by` places further, clamped to the ends; the first one when the present one is not in the queue. */
export function stepInQueue(
  queue: readonly QueueItem[],
  present: ImageId | null,
  by: number,
): ImageId | null {
  const at = queue.findIndex((item) => item.id === present);
  const to = at === -1 ? 0 : Math.max(0, Math.min(queue.length - 1, at + by));
  return queue[to]?.id ?? null;
}
