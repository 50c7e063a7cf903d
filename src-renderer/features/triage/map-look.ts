/** Where the map of a run begins to show, and what its colours span, without turning a knob. Pure. */
import type { ScoreMap } from '#shared/arrays.ts';
import type { Evaluation } from '#shared/results.ts';
import { defaultPercentile, valueAtPercentile, type Range } from '../inspect/model/threshold.ts';

/** Masked patches are 0 on the raw scale. */
const counted = ({ data }: ScoreMap): Float32Array => data.filter((score) => score > 0).sort();

/** The run's range, so that the same colour is the same score on every image; the map's own without an evaluation. */
export function runRange(map: ScoreMap, evaluation: Evaluation | undefined): Range {
  const edges = evaluation?.histogram.pixel.edges ?? [];
  const [low, high] = [edges[0], edges.at(-1)];
  if (low !== undefined && high !== undefined) return { low, high };
  const sorted = counted(map);
  return { low: sorted[0] ?? 0, high: sorted.at(-1) ?? 1 };
}

/** The best threshold of the run where ground truth says one, else a high percentile of this map. */
export const runThreshold = (map: ScoreMap, evaluation: Evaluation | undefined): number =>
  evaluation?.pixel.f1maxThreshold ?? valueAtPercentile(counted(map), defaultPercentile) ?? 0;
