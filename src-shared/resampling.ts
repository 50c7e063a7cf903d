/** Bootstrap over groups: images of one patient are drawn together or not at all. Pure; seeded. */
import type { Interval } from './evaluation.ts';
import { createRandom } from './random.ts';

/**
 * How often each group was drawn, replicate by replicate. Groups are drawn with replacement within their stratum, so
 * that every replicate has as many groups of each kind as the data; none where no stratum has two groups, because every
 * draw would be the data again and an interval of no width would be a lie. The array is reused.
 * @param strata stratum of each group
 */
export function* bootstrapReplicates(
  strata: readonly number[],
  replicates: number,
  seed: number,
): Generator<Int32Array, void> {
  const random = createRandom(seed);
  const members = new Map<number, number[]>();
  for (const [group, stratum] of strata.entries()) {
    const list = members.get(stratum) ?? [];
    list.push(group);
    members.set(stratum, list);
  }
  if ([...members.values()].every((groups) => groups.length < 2)) return;
  const weights = new Int32Array(strata.length);
  for (let replicate = 0; replicate < replicates; replicate++) {
    weights.fill(0);
    for (const groups of members.values()) {
      for (let drawn = 0; drawn < groups.length; drawn++) weights[groups[random.integer(groups.length)]!]!++;
    }
    yield weights;
  }
}

/** 2.5th and 97.5th percentile, linear between neighbours; NaN values are left out. */
export function percentileInterval(values: ArrayLike<number>): Interval | null {
  const sorted = Float64Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (sorted.length === 0) return null;
  const at = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const low = sorted[below]!;
    const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
    // Infinite thresholds stay infinite instead of becoming NaN.
    return low === high ? low : low + (position - below) * (high - low);
  };
  return { low: at(0.025), high: at(0.975) };
}

/**
 * Two-sided p of "no difference" from bootstrap differences: twice the smaller share on one side of 0, counting the
 * data themselves once (Davison and Hinkley 1997, section 4.2), at most 1.
 */
export function bootstrapP(differences: ArrayLike<number>): number | null {
  const known = Array.from(differences).filter((value) => !Number.isNaN(value));
  if (known.length === 0) return null;
  const below = known.filter((value) => value <= 0).length;
  const above = known.filter((value) => value >= 0).length;
  return Math.min(1, (2 * (Math.min(below, above) + 1)) / (known.length + 1));
}
