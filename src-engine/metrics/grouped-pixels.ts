import type { Mask, ScoreMap } from '#shared/arrays.ts';
import { connectedRegions } from '#shared/regions.ts';

/** What a replicate of the bootstrap is measured by. */
export interface PixelReplicate {
  readonly auroc: number;
  readonly ap: number;
  readonly f1Max: number;
  readonly aupro: number;
}

/**
 * Pixels counted by group (patient) and score bin, so that a replicate is a weighted sum and not a second look at
 * all maps. The bins' lower edges are scores of anomalous pixels at equal shares: with 1,024 of them every binned
 * curve consists of exact points, a thousandth of the positives apart.
 */
export function createGroupedPixels(edges: Float32Array, groups: number) {
  const bins = edges.length + 1;
  const table = () => Array.from({ length: groups }, (): Float64Array | undefined => undefined);
  const normal = table();
  const abnormal = table();
  const overlap = table();
  const regionCounts = new Float64Array(groups);
  const of = (rows: (Float64Array | undefined)[], group: number): Float64Array =>
    (rows[group] ??= new Float64Array(bins));
  const binOf = (score: number): number => {
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (edges[middle]! <= score) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    add(map: ScoreMap, truth: Mask | null, group: number): void {
      const counts = of(normal, group);
      const regions = truth && connectedRegions(truth);
      const inside = regions && regions.count > 0 ? { regions, counts: of(abnormal, group) } : null;
      const shares = inside ? of(overlap, group) : null;
      regionCounts[group]! += regions?.count ?? 0;
      let [last, bin] = [NaN, 0];
      for (let i = 0; i < map.data.length; i++) {
        const score = map.data[i]!;
        // Masked background is one long stretch of equal scores.
        if (score !== last) [last, bin] = [score, binOf(score)];
        const region = inside?.regions.labels[i] ?? 0;
        if (region === 0) counts[bin]!++;
        else {
          inside!.counts[bin]!++;
          shares![bin]! += 1 / inside!.regions.sizes[region - 1]!;
        }
      }
    },
    /** Figures with every group counted as often as its weight says; NaN where undefined. */
    replicate(weights: ArrayLike<number>, fprLimit: number): PixelReplicate {
      const sums = {
        normal: new Float64Array(bins),
        abnormal: new Float64Array(bins),
        overlap: new Float64Array(bins),
      };
      let regions = 0;
      for (let group = 0; group < groups; group++) {
        const weight = weights[group]!;
        if (weight === 0) continue;
        addWeighted(sums.normal, normal[group], weight);
        addWeighted(sums.abnormal, abnormal[group], weight);
        addWeighted(sums.overlap, overlap[group], weight);
        regions += weight * regionCounts[group]!;
      }
      return binnedFigures(sums, regions, fprLimit);
    },
  };
}

export type GroupedPixels = ReturnType<typeof createGroupedPixels>;

function addWeighted(sum: Float64Array, row: Float64Array | undefined, weight: number): void {
  if (!row) return;
  for (let bin = 0; bin < row.length; bin++) sum[bin]! += weight * row[bin]!;
}

interface Binned {
  readonly normal: Float64Array;
  readonly abnormal: Float64Array;
  readonly overlap: Float64Array;
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);

function binnedFigures(
  { normal, abnormal, overlap }: Binned,
  regions: number,
  limit: number,
): PixelReplicate {
  const [positives, negatives] = [total(abnormal), total(normal)];
  if (positives === 0 || negatives === 0) return { auroc: NaN, ap: NaN, f1Max: NaN, aupro: NaN };
  let [found, wrong, covered, won, ap, f1Max, area] = [0, 0, 0, 0, 0, 0, 0];
  for (let bin = normal.length - 1; bin >= 0; bin--) {
    const [here, there] = [abnormal[bin]!, normal[bin]!];
    won += here * (negatives - wrong - there / 2);
    const [rate, coverage] = [wrong / negatives, covered / regions];
    found += here;
    wrong += there;
    covered += overlap[bin]!;
    if (here > 0) {
      ap += (here * found) / (found + wrong);
      f1Max = Math.max(f1Max, (2 * found) / (found + wrong + positives));
    }
    const [end, width] = [Math.min(wrong / negatives, limit), wrong / negatives - rate];
    if (end > rate) {
      const coverageAtEnd = coverage + ((covered / regions - coverage) * (end - rate)) / width;
      area += ((end - rate) * (coverage + coverageAtEnd)) / 2;
    }
  }
  return { auroc: won / (positives * negatives), ap: ap / positives, f1Max, aupro: area / limit };
}
