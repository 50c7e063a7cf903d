import { useLocalStorage } from '@vueuse/core';
import { defineStore } from 'pinia';
import type { HexColour } from '../../viewer/viewer.ts';

/** Segments by their number, round and round; the first is the colour of annotations everywhere. */
export const segmentColours = [
  '#f2c14e',
  '#e58fd0',
  '#7fd6c2',
  '#f08a3c',
  '#b7a2f2',
  '#d8e36a',
  '#f27d72',
  '#9fc3f5',
] as const satisfies readonly HexColour[];

export const colourOf = (segment: number): HexColour =>
  segmentColours[(segment - 1) % segmentColours.length] ?? segmentColours[0];

/** How a reader draws, kept on this machine. */
export const useDrawingSettings = defineStore('drawing', () => ({
  /** Image pixels. */
  radius: useLocalStorage('nidus.draw.radius', 6),
  /** Percent of the image's range of values; 100 fills up to the drawn borders. */
  tolerance: useLocalStorage('nidus.draw.tolerance', 10),
  /** A segment is drawn only where no other is, and erased alone. */
  keepOthers: useLocalStorage('nidus.draw.keep', true),
  /** Of the fill, 0..1. */
  opacity: useLocalStorage('nidus.draw.opacity', 0.35),
  /** Pixels a region has to have to be taken over from the anomaly map. */
  smallest: useLocalStorage('nidus.draw.smallest', 12),
}));
