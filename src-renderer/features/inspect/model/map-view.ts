/** The anomaly map of a preview on a scale, with what slider and colour bar need to know of it. */
import { anomalyMap } from '#shared/anomaly-map.ts';
import type { PatchMask, ScoreMap } from '#shared/arrays.ts';
import type { Scale } from '#shared/domain.ts';
import { drawnMap, type MapRule } from '#shared/full-map.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import type { Evaluation, Preview } from '#shared/results.ts';
import type { RunSettings } from '#shared/settings.ts';
import { defaultPercentile, sortedForeground, union, valueAtPercentile, type Range } from './threshold.ts';

export interface MapView {
  readonly scale: Scale;
  /** On the patch grid. */
  readonly map: ScoreMap;
  /** By the method's own rule, as the figures are computed from it: in full size where it is smoothed. */
  readonly drawn: ScoreMap;
  readonly foreground: PatchMask;
  /** Drawn scores at the patches that count, ascending. */
  readonly sorted: Float32Array;
}

/** The image a map lies on, and how it is brought to its size. */
export interface Placement {
  readonly rule: MapRule;
  readonly width: number;
  readonly height: number;
}

export const placementOf = (
  settings: RunSettings,
  { width, height }: Pick<Placement, 'width' | 'height'>,
): Placement => ({ rule: mapRuleOf(settings), width, height });

export function mapView(
  { scores, foreground }: Pick<Preview, 'scores' | 'foreground'>,
  scale: Scale,
  { rule, width, height }: Placement,
): MapView {
  const counted: PatchMask = { ...foreground, data: Uint8Array.from(foreground.data) };
  const map = anomalyMap({ ...scores, data: Float32Array.from(scores.data) }, counted, scale);
  const drawn = drawnMap(map, rule, height, width);
  return { scale, map, drawn, foreground: counted, sorted: sortedForeground(atPatches(drawn, map), counted) };
}

/** A drawn map where the centres of the patches lie. */
function atPatches(drawn: ScoreMap, grid: ScoreMap): ScoreMap {
  if (drawn === grid) return grid;
  const { rows, columns } = grid;
  const at = (index: number, of: number, length: number) => Math.floor(((index + 0.5) * length) / of);
  const data = Float32Array.from(
    { length: rows * columns },
    (_, i) =>
      drawn.data[
        at(Math.floor(i / columns), rows, drawn.rows) * drawn.columns +
          at(i % columns, columns, drawn.columns)
      ]!,
  );
  return { rows, columns, data };
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
