/**
 * Runs `work` over items fetched in small batches, a few at a time, until there are none or the signal says stop.
 * `fetch` must only return items that are still to be done; the first error that `work` throws ends it all.
 */
export async function eachAtOnce<T>(
  fetch: () => readonly T[],
  atOnce: number,
  signal: AbortSignal,
  work: (item: T) => Promise<void>,
): Promise<void> {
  for (let batch = fetch(); batch.length > 0; batch = fetch()) {
    const items = batch[Symbol.iterator]();
    const worker = async () => {
      for (const item of items) {
        signal.throwIfAborted();
        await work(item);
      }
    };
    const outcomes = await Promise.allSettled(Array.from({ length: atOnce }, worker));
    const refused = outcomes.find((outcome) => outcome.status === 'rejected');
    if (refused) throw refused.reason;
  }
}
