import type { Ranking } from './ranking.ts';
import { sortFloats } from './sort-floats.ts';

/** Scores sorted together before they are counted: they then meet the positives in one walk over both. */
const batchLength = 1 << 21;

/**
 * Counts negatives between the scores of the positives. A curve changes only where a positive is, so no negative has
 * to be kept: memory grows with the anomalous pixels alone.
 * @param positives ascending; -0 counts as 0
 */
export function createNormalCounts(positives: Float32Array) {
  const { starts, distinct } = distinctOf(positives);
  const { length } = distinct;
  /** [i]: negatives whose largest distinct positive at or below them is i - 1; [0]: below all. */
  const between = new Float64Array(length + 1);
  /** [i]: negatives that equal distinct positive i. */
  const equal = new Float64Array(length);
  let total = 0;
  let batch = new Float32Array(1 << 12);
  let waiting = 0;

  const count = (ascending: Float32Array): void => {
    let at = 0;
    for (const score of ascending) {
      while (at < length && distinct[at]! <= score) at++;
      between[at]!++;
      if (distinct[at - 1] === score) equal[at - 1]!++;
    }
  };
  const flush = (): void => {
    count(sortFloats(batch.subarray(0, waiting)));
    waiting = 0;
  };

  const makeRoom = (): void => {
    if (waiting === batchLength) return flush();
    const larger = new Float32Array(2 * batch.length);
    larger.set(batch);
    batch = larger;
  };

  return {
    /** Counts the scores outside the mask; without one, all. */
    add(scores: Float32Array, truth: Uint8Array | null): void {
      for (let i = 0; i < scores.length; i++) {
        if (truth !== null && truth[i] !== 0) continue;
        if (waiting === batch.length) makeRoom();
        batch[waiting++] = scores[i]!;
        total++;
      }
    },
    /** The ranking of the positives against everything added so far. */
    ranking(): Ranking {
      flush();
      return {
        positives: positives.length,
        negatives: total,
        forEachStep(visit) {
          let above = 0;
          for (let i = length - 1; i >= 0; i--) {
            above += between[i + 1]!;
            visit({
              score: distinct[i]!,
              from: starts[i]!,
              to: starts[i + 1]!,
              negativesAbove: above - equal[i]!,
              negativesAtOrAbove: above,
            });
          }
        },
      };
    },
  };
}

/** Distinct values of an ascending array, and where each begins; one more start than values. */
function distinctOf(sorted: Float32Array): { distinct: Float32Array; starts: Uint32Array } {
  const distinct = new Float32Array(sorted.length);
  const starts = new Uint32Array(sorted.length + 1);
  let used = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i > 0 && sorted[i] === sorted[i - 1]) continue;
    distinct[used] = sorted[i]!;
    starts[used++] = i;
  }
  starts[used] = sorted.length;
  return { distinct: distinct.subarray(0, used), starts: starts.subarray(0, used + 1) };
}
