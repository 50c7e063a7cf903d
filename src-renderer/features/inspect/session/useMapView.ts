import { computed, type ComputedRef } from 'vue';
import type { Mask } from '#shared/arrays.ts';
import type { Evaluation } from '#shared/results.ts';
import type { MapOverlay, PaneScene } from '../../../viewer/viewer.ts';
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

const contourColour = '#ffffff';

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
  /** The map in colour above a threshold of the scale; nothing while there is none. */
  overlay(threshold: number): Pick<PaneScene, 'overlay'>;
  /** Where the map above a threshold and a mask agree and differ. */
  comparison(mask: Mask, threshold: number): Pick<PaneScene, 'comparison'>;
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

  const range = computed(() => colourRange(view.value, evaluation()));

  return {
    view,
    range,
    threshold,
    defaultThreshold: fallback,
    percentile: computed(() => view.value && percentileOf(view.value.sorted, threshold.value)),
    setThreshold,
    setPercentile(percentile) {
      const value = view.value && valueAtPercentile(view.value.sorted, percentile);
      if (value !== null) setThreshold(value);
    },
    overlay(threshold) {
      if (!view.value) return {};
      const { smooth, colourMap, opacity, alpha, contour } = preferences.value;
      const overlay: MapOverlay = {
        map: view.value.map,
        sampling: smooth ? 'smooth' : 'patches',
        colourMap,
        range: range.value,
        threshold,
        opacity,
        alpha,
        ...(contour ? { contour: contourColour } : {}),
      };
      return { overlay };
    },
    comparison(mask, threshold) {
      if (!view.value) return {};
      // Always interpolated: that is what the figures are computed from.
      return { comparison: { map: view.value.map, sampling: 'smooth', mask, threshold } };
    },
  };
}
