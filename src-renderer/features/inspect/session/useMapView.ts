import { useQuery } from '@pinia/colada';
import { computed, type ComputedRef } from 'vue';
import type { Mask, ScoreMap } from '#shared/arrays.ts';
import type { Calibration } from '#shared/calibration.ts';
import type { StudyId } from '#shared/domain.ts';
import { fullMap } from '#shared/full-map.ts';
import type { Evaluation } from '#shared/results.ts';
import type { RunSettings } from '#shared/settings.ts';
import { failureMessage } from '../../../api/client.ts';
import type { MapOverlay, PaneScene } from '../../../viewer/viewer.ts';
import { calibratedTransfer } from '../model/calibrated.ts';
import type { Frame } from '../model/frames.ts';
import { mapRegions, type MapRegions } from '../model/map-regions.ts';
import {
  colourRange,
  defaultThreshold,
  mapView,
  placementOf,
  type DefaultThreshold,
  type MapView,
} from '../model/map-view.ts';
import { percentileOf, union, valueAtPercentile, type Range } from '../model/threshold.ts';
import { calibrationQuery } from '../queries.ts';
import { scoreScale } from '../scales.ts';
import type { InspectPreferences } from './usePreferences.ts';

const contourColour = '#ffffff';

export interface ShownMap {
  /** Null while the frame has no map. On the calibrated scale it holds raw scores. */
  readonly view: ComputedRef<MapView | null>;
  readonly range: ComputedRef<Range>;
  /** In the numbers of the score's own scale: raw also where the map is shown calibrated. */
  readonly threshold: ComputedRef<number>;
  readonly defaultThreshold: ComputedRef<DefaultThreshold>;
  /** Share of the foreground patches at or below the threshold, 0..100; null without a map. */
  readonly percentile: ComputedRef<number | null>;
  /** Quantiles of the normals while the calibrated scale is shown; null until they are there. */
  readonly calibration: ComputedRef<Calibration | null>;
  /** Why there are none. */
  readonly calibrationProblem: ComputedRef<string | null>;
  /** Connected regions above the threshold that everybody shares; null without a map. */
  readonly regions: ComputedRef<MapRegions | null>;
  setThreshold(value: number | null): void;
  setPercentile(percentile: number): void;
  /** A map in colour above a threshold of the scale; nothing while there is none. */
  overlay(threshold: number, other?: MapView | null): Pick<PaneScene, 'overlay'>;
  /** Where the map above a threshold and a mask agree and differ. */
  comparison(mask: Mask, threshold: number): Pick<PaneScene, 'comparison'>;
}

/** The map of the frame on the chosen scale, and where it begins to show. */
export function useMapView(
  studyId: StudyId,
  frame: () => Frame | null,
  truth: () => Mask | null,
  settings: () => RunSettings,
  evaluation: () => Evaluation | undefined,
  pool: () => string,
  { preferences, update }: InspectPreferences,
): ShownMap {
  const scale = computed(() => scoreScale(preferences.value.scale));
  const preview = computed(() => frame()?.preview ?? null);
  const placed = computed(() => {
    const shown = frame();
    return shown && placementOf(shown.settings, shown.pixels);
  });
  const view = computed(
    () => preview.value && placed.value && mapView(preview.value, scale.value, placed.value),
  );
  const fallback = computed(() => defaultThreshold(view.value, evaluation()));
  const threshold = computed(() => preferences.value.thresholds[scale.value] ?? fallback.value.value);
  const isCalibrated = computed(() => preferences.value.scale === 'calibrated');

  const quantiles = useQuery(() => ({
    ...calibrationQuery({ studyId, settings: settings(), pool: pool() }),
    enabled: isCalibrated.value,
  }));
  const calibration = computed(() => (isCalibrated.value && quantiles.data.value) || null);

  const range = computed((): Range => {
    const own = colourRange(view.value, evaluation());
    const table = calibration.value;
    return table ? union(own, { low: table.scores[0]!, high: table.scores.at(-1)! }) : own;
  });
  const transfer = computed(() => calibration.value && calibratedTransfer(calibration.value, range.value));

  /** For regions, which are counted in pixels, also of a map that is only interpolated. */
  const full = computed(() => {
    const { value: at } = placed;
    return view.value && at && fullMap(view.value.map, at.rule, at.height, at.width);
  });

  /** Regions at the thresholds asked for last: a slider asks for the same one several times. */
  let asked: { of: ScoreMap; truth: Mask | null; area: number; by: Map<number, MapRegions> } | undefined;
  function regionsAt(at: number): MapRegions | null {
    if (!full.value) return null;
    const judged = truth();
    const { minimumArea: area } = preferences.value;
    if (asked?.of !== full.value || asked.truth !== judged || asked.area !== area) {
      asked = { of: full.value, truth: judged, area, by: new Map() };
    }
    const known = asked.by.get(at) ?? mapRegions(full.value, at, area, judged);
    if (asked.by.size > 8) asked.by.clear();
    asked.by.set(at, known);
    return known;
  }
  /** Which pixels may be coloured; nothing is left out without a minimum. */
  const within = (at: number) => {
    const regions = preferences.value.minimumArea > 0 ? regionsAt(at) : null;
    return regions ? { within: regions.within } : {};
  };

  function setThreshold(value: number | null): void {
    update({ thresholds: { ...preferences.value.thresholds, [scale.value]: value } });
  }

  return {
    view,
    range,
    threshold,
    defaultThreshold: fallback,
    percentile: computed(() => view.value && percentileOf(view.value.sorted, threshold.value)),
    calibration,
    calibrationProblem: computed(() =>
      isCalibrated.value && quantiles.error.value ? failureMessage(quantiles.error.value) : null,
    ),
    regions: computed(() => regionsAt(threshold.value)),
    setThreshold,
    setPercentile(percentile) {
      const value = view.value && valueAtPercentile(view.value.sorted, percentile);
      if (value !== null) setThreshold(value);
    },
    overlay(at, other) {
      const shown = other ?? view.value;
      if (!shown) return {};
      const { smooth, colourMap, opacity, alpha, contour } = preferences.value;
      const overlay: MapOverlay = {
        map: smooth ? shown.drawn : shown.map,
        sampling: smooth ? 'smooth' : 'patches',
        colourMap,
        range: range.value,
        threshold: at,
        opacity,
        alpha,
        ...(transfer.value ? { transfer: transfer.value } : {}),
        ...(contour ? { contour: contourColour } : {}),
        ...(other ? {} : within(at)),
      };
      return { overlay };
    },
    comparison(mask, at) {
      if (!view.value) return {};
      // Never the bare grid: the figures are computed from the drawn map.
      return {
        comparison: { map: view.value.drawn, sampling: 'smooth', mask, threshold: at, ...within(at) },
      };
    },
  };
}
