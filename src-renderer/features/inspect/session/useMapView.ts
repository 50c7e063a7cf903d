import { computed, type ComputedRef } from 'vue';
import type { Evaluation } from '#shared/results.ts';
import type { Frame } from '../model/frames.ts';
import {
  colourRange,
  defaultThreshold,
  mapView,
  type DefaultThreshold,
  type MapView,
} from '../model/map-view.ts';
import { percentileOf, valueAtPercentile, type Range } from '../model/threshold.ts';
import type { InspectPreferences } from './usePreferences.ts';

export interface ShownMap {
  /** Null while the frame has no map. */
  readonly view: ComputedRef<MapView | null>;
  readonly range: ComputedRef<Range>;
  readonly threshold: ComputedRef<number>;
  readonly defaultThreshold: ComputedRef<DefaultThreshold>;
  /** Share of the foreground patches at or below the threshold, 0..100; null without a map. */
  readonly percentile: ComputedRef<number | null>;
  setThreshold(value: number | null): void;
  setPercentile(percentile: number): void;
}

/** The map of the frame on the chosen scale, and where it begins to show. */
export function useMapView(
  frame: () => Frame | null,
  evaluation: () => Evaluation | undefined,
  { preferences, update }: InspectPreferences,
): ShownMap {
  const scale = computed(() => preferences.value.scale);
  const preview = computed(() => frame()?.preview ?? null);
  const view = computed(() => preview.value && mapView(preview.value, scale.value));
  const fallback = computed(() => defaultThreshold(view.value, evaluation()));
  const threshold = computed(() => preferences.value.thresholds[scale.value] ?? fallback.value.value);

  function setThreshold(value: number | null): void {
    update({ thresholds: { ...preferences.value.thresholds, [scale.value]: value } });
  }

  return {
    view,
    range: computed(() => colourRange(view.value, evaluation())),
    threshold,
    defaultThreshold: fallback,
    percentile: computed(() => view.value && percentileOf(view.value.sorted, threshold.value)),
    setThreshold,
    setPercentile(percentile) {
      const value = view.value && valueAtPercentile(view.value.sorted, percentile);
      if (value !== null) setThreshold(value);
    },
  };
}
