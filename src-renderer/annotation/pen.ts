import type { LabelMap } from './label-map.ts';

/** Which label is written, and over which ones. */
export interface Pen {
  readonly label: number;
  readonly over: (present: number) => boolean;
}

/** Draws a segment: over everything, or only where no other segment is. */
export const drawingPen = (segment: number, keepOthers: boolean): Pen => ({
  label: segment,
  over: keepOthers ? (present) => present === 0 : () => true,
});

/** Erases every segment, or only the one. */
export const erasingPen = (segment: number, keepOthers: boolean): Pen => ({
  label: 0,
  over: keepOthers ? (present) => present === segment : () => true,
});

/** Writes one pixel the pen's way. */
export function write({ data }: LabelMap, index: number, { label, over }: Pen): void {
  if (over(data[index]!)) data[index] = label;
}
