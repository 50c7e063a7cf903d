/**
 * How a study is looked at in Inspect, remembered per study. The settings that decide the map itself live in
 * `stores/runSettings.ts`; here is the view, and what was last set for the choices that are not in force.
 */
import { z } from 'zod';
import { ImageId, type StudyId, type StudyImage } from '#shared/domain.ts';
import { defaultSettings, type RunSettings, type SupportChoice } from '#shared/settings.ts';
import { colourMapNames } from '#shared/colour-maps.ts';
import { allLinked, defaultLayout, Layout, Links } from '../cells/cell.ts';
import { ShownScale } from '../scales.ts';
import { queueOrders } from './queue.ts';

export const maximumSupport = 16;
export const maximumClosing = 31;
/** Pixels. */
export const maximumArea = 1000;
export type SupportKind = SupportChoice['kind'];

export const Preferences = z.object({
  scale: ShownScale,
  /** In units of that scale; null = the default threshold. */
  thresholds: z.object({ raw: z.number().nullable(), minmax: z.number().nullable() }),
  colourMap: z.enum(colourMapNames),
  opacity: z.number().min(0).max(1),
  /** Scores interpolated between patch centres, or the patch grid as it is. */
  smooth: z.boolean(),
  order: z.enum(queueOrders),
  reversed: z.boolean(),
  supportCount: z.int().min(1).max(maximumSupport),
  chosen: z.array(ImageId).max(64),
  closing: z.int().min(1).max(maximumClosing),
  layout: Layout,
  links: Links,
  /** Image pixels interpolated, or shown as squares. */
  interpolate: z.boolean(),
  invert: z.boolean(),
  truthStyle: z.enum(['outline', 'fill']),
  /** What the file draws over the query. */
  overlay: z.boolean(),
  /** Opacity that grows with the score, or the same everywhere. */
  alpha: z.enum(['uniform', 'by-value']),
  /** A line along the threshold. */
  contour: z.boolean(),
  /** Regions of the map with fewer pixels are left out. */
  minimumArea: z.int().min(0).max(maximumArea),
});
export type Preferences = z.infer<typeof Preferences>;

export const defaultPreferences: Preferences = {
  scale: 'raw',
  thresholds: { raw: null, minmax: null },
  colourMap: 'inferno',
  opacity: 0.7,
  smooth: true,
  order: 'score',
  reversed: false,
  supportCount: 1,
  chosen: [],
  closing: 3,
  layout: defaultLayout,
  links: allLinked,
  interpolate: true,
  invert: false,
  truthStyle: 'outline',
  overlay: true,
  alpha: 'uniform',
  contour: false,
  minimumArea: 0,
};

const storageKey = (study: StudyId): string => `nidus.inspect.${study}`;

/** What was stored for a study; the defaults where nothing (or nothing readable) was. */
export function loadPreferences(storage: Storage, study: StudyId): Preferences {
  const text = storage.getItem(storageKey(study));
  if (text === null) return defaultPreferences;
  try {
    const stored: unknown = JSON.parse(text);
    return Preferences.safeParse({ ...defaultPreferences, ...Object(stored) }).data ?? defaultPreferences;
  } catch {
    return defaultPreferences;
  }
}

export function savePreferences(storage: Storage, study: StudyId, preferences: Preferences): void {
  storage.setItem(storageKey(study), JSON.stringify(preferences));
}

/**
 * Settings a study starts with: those of its latest run, else the defaults, without a foreground rule for
 * pictures that have no black background (colour, or no sample at 0).
 */
export function firstSettings(images: readonly StudyImage[], latest: RunSettings | null): RunSettings {
  if (latest) return latest;
  const noBackground =
    images.length > 0 && images.every((image) => image.pixels.channels === 3 || image.statistics.min > 0);
  return noBackground ? { ...defaultSettings, foreground: { rule: 'all' } } : defaultSettings;
}

/** The support choice of a kind, with the count or the images last set for it. Picking by hand starts from `shown`. */
export function supportOf(
  kind: SupportKind,
  preferences: Preferences,
  shown: readonly ImageId[],
): SupportChoice {
  if (kind !== 'chosen') return { kind, count: preferences.supportCount };
  const images = preferences.chosen.length > 0 ? preferences.chosen : [...shown];
  // Nothing on the screen to start from yet: stay with the matched image, there must always be a map.
  return images.length > 0 ? { kind, images } : { kind: 'matched', count: preferences.supportCount };
}
