/** What a pane shows, said as plain data: the renderer draws it, and knows nothing else of the application. */
import type { Mask, PixelArray, ScoreMap } from '#shared/arrays.ts';
import type { ColourMapName } from '#shared/colour-maps.ts';
import type { LiveLabels } from './live-labels.ts';
import type { ImageFrame } from './view.ts';
import type { Rescale, WindowLevel } from './window-level.ts';

/** `#rrggbb`. */
export type HexColour = `#${string}`;

/** In image pixels, from the top left corner of the image. */
export interface PixelRectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Arrays are held by identity: give a new object for new content, and the same object for the same content. */
export interface ImageLayer {
  readonly pixels: PixelArray;
  /** Stored value to unit; as stored if absent. */
  readonly rescale?: Rescale;
  /** The window to start with; chosen from the pixels if absent. What the reader dragged wins over it. */
  readonly window?: WindowLevel;
  /** Images of one group are windowed together. */
  readonly windowGroup?: string;
  /** Small values white (MONOCHROME1). */
  readonly invert?: boolean;
  /** `smooth` interpolates between pixels, `pixels` shows them as squares. */
  readonly sampling?: 'smooth' | 'pixels';
  /** Height of one pixel over its width; 1 if absent. */
  readonly aspect?: number;
}

/** A score map laid over the image. NaN is "no score": transparent, below every threshold. */
export interface PlacedMap {
  readonly map: ScoreMap;
  /** What the map's grid spans; the whole image if absent. */
  readonly covers?: PixelRectangle;
  /** `smooth` interpolates the scores, `patches` shows the grid. */
  readonly sampling?: 'smooth' | 'patches';
}

export interface MapOverlay extends PlacedMap {
  readonly colourMap: ColourMapName;
  /** Scores at the two ends of the colour map. */
  readonly range: { readonly low: number; readonly high: number };
  /** Scores below are transparent. */
  readonly threshold?: number;
  /** 0..1. */
  readonly opacity: number;
  /** `by-value`: opacity grows with the score over the colour range. */
  readonly alpha?: 'uniform' | 'by-value';
  /** A line where the score crosses the threshold. */
  readonly contour?: HexColour;
  /**
   * Where in the colours (0..1) a score lies, evenly spaced over the range: for scales that are no straight line.
   * Held by identity, like all arrays.
   */
  readonly transfer?: ScoreMap;
  /** Image pixels that may be coloured; all if absent. For regions that are too small to count. */
  readonly within?: Mask;
}

/** A colour for every patch, laid over the whole image: clusters, features. */
export interface ColourGrid {
  readonly rows: number;
  readonly columns: number;
  /** rows x columns x 4, RGBA, not multiplied with their alpha; row-major. */
  readonly data: Uint8Array;
}

export interface ColourGridLayer {
  readonly grid: ColourGrid;
  /** 0..1. */
  readonly opacity: number;
  readonly sampling?: 'smooth' | 'patches';
}

export interface MaskLayer {
  readonly mask: Mask;
  readonly style: 'outline' | 'fill';
  readonly colour: HexColour;
  /** 0..1, of a fill. */
  readonly opacity?: number;
}

/** Segments that are being drawn. The label map changes in place; give a new layer when it did. */
export interface LabelsLayer {
  readonly labels: LiveLabels;
  /** By segment number, round and round; at most eight. */
  readonly colours: readonly HexColour[];
  /** Of the fill, 0..1. */
  readonly opacity: number;
}

/** Where thresholded map and mask agree and differ, decided at pixel centres as the metrics do. */
export interface Comparison extends PlacedMap {
  readonly mask: Mask;
  readonly threshold: number;
  readonly contour?: HexColour;
  /** As for {@link MapOverlay}. */
  readonly within?: Mask;
}

/** A second picture over the right part of the pane. */
export interface Curtain {
  readonly scene: PaneScene;
  /** Where it begins, as a fraction of the pane's width. */
  readonly at: number;
}

export interface PaneScene {
  readonly base: ImageLayer;
  readonly colours?: ColourGridLayer;
  readonly overlay?: MapOverlay;
  readonly masks?: readonly MaskLayer[];
  readonly labels?: LabelsLayer;
  readonly comparison?: Comparison;
  readonly curtain?: Curtain;
}

/** True positives are filled, false positives hatched, false negatives dotted: safe for colour-blind eyes. */
export const comparisonColours = {
  truePositive: '#4c8dff',
  falsePositive: '#ff9f43',
  falseNegative: '#ffffff',
} as const satisfies Record<string, HexColour>;

export function frameOf({ pixels, aspect = 1 }: ImageLayer): ImageFrame {
  return { width: pixels.width, height: pixels.height, aspect };
}
