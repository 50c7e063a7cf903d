import { createRandom } from '#shared/random.ts';

/** Images of every batch of an epoch: all of them once, shuffled by seed and epoch; the last batch may be smaller. */
export function batchesOf(images: number, batch: number, seed: number, epoch: number): number[][] {
  const random = createRandom((Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(epoch + 1, 0x85ebca6b)) >>> 0);
  const order = Array.from({ length: images }, (_, index) => index);
  for (let last = images - 1; last > 0; last--) {
    const other = random.integer(last + 1);
    [order[last], order[other]] = [order[other]!, order[last]!];
  }
  return Array.from({ length: Math.ceil(images / batch) }, (_, index) =>
    order.slice(index * batch, (index + 1) * batch),
  );
}
