/** The anomaly map of a preview on a scale, with what slider and colour bar need to know of it. */
import { anomalyMap } from '#shared/anomaly-map.ts';
import type { PatchMask, ScoreMap } from '#shared/arrays.ts';
import type { Scale } from '#shared/domain.ts';
import type { Evaluation, Preview } from '#shared/results.ts';
import { defaultPercentile, sortedForeground, union, valueAtPercentile, type Range } from './threshold.ts';

export interface MapView {
  readonly scale: Scale;
  readonly map: ScoreMap;
  readonly foreground: PatchMask;
  /** Scores of the patches that count, ascending. */
  readonly sorted: Float32Array;
}

export function mapView({ scores, foreground }: Preview, scale: Scale): MapView {
  const counted: PatchMask = { ...foreground, data: Uint8Array.from(foreground.data) };
  const map = anomalyMap({ ...scores, data: Float32Array.from(scores.data) }, counted, scale);
  return { scale, map, foreground: counted, sorted: sortedForeground(map, counted) };
}

/**
 * Scores at the two ends of the colour map. The paper's scale always spans 0..1; raw scores take the range of
 * the whole run where there is one, so that the same colour means the same score on every image.
 */
export function colourRange(view: MapView | null, evaluation: Evaluation | undefined): Range {
  if (view?.scale !== 'raw') return { low: 0, high: 1 };
  const own: Range = { low: view.sorted[0] ?? 0, high: view.sorted.at(-1) ?? 1 };
  const edges = evaluation?.histogram.pixel.edges ?? [];
  const pooled: Range = { low: edges[0] ?? own.low, high: edges.at(-1) ?? own.high };
  const { low, high } = union(own, pooled);
  return high > low ? { low, high } : { low, high: low + 1 };
}

export interface DefaultThreshold {
  readonly value: number;
  readonly source: 'run' | 'percentile';
}

/** The run's pooled F1-max threshold on this scale, else the 98th percentile of this map's foreground. */
export function defaultThreshold(view: MapView | null, evaluation: Evaluation | undefined): DefaultThreshold {
  const pooled = evaluation?.pixel.f1maxThreshold;
  if (pooled !== null && pooled !== undefined) return { value: pooled, source: 'run' };
  const value = view ? valueAtPercentile(view.sorted, defaultPercentile) : null;
  return { value: value ?? 1, source: 'percentile' };
}

/** A slider step that gives some two hundred places over a range, as a power of ten times 1, 2 or 5. */
export function niceStep({ low, high }: Range): number {
  const wanted = (high - low) / 200;
  const power = 10 ** Math.floor(Math.log10(wanted));
  const factor = [1, 2, 5].findLast((candidate) => candidate * power <= wanted) ?? 1;
  return Number((factor * power).toPrecision(1));
}
