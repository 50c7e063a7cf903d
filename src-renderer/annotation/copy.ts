/** Taking what was drawn on one image over to another. Pure. */
import type { AnnotationDocument, Rectangle } from '#shared/annotation.ts';
import { wholeOf, type LabelMap } from './label-map.ts';

/** Writes every marked pixel where nothing is marked yet. Both maps have the same size. */
export function copyLabels(from: LabelMap, to: LabelMap): Rectangle {
  for (let i = 0; i < from.data.length; i++) if (to.data[i] === 0) to.data[i] = from.data[i]!;
  return wholeOf(to);
}

/** The document with the segments of another one added; null when it has them all. */
export function withSegmentsOf(
  document: AnnotationDocument,
  other: AnnotationDocument,
): AnnotationDocument | null {
  const known = new Set(document.segments.map(({ value }) => value));
  const missing = other.segments.filter(({ value }) => !known.has(value));
  return missing.length === 0 ? null : { ...document, segments: [...document.segments, ...missing] };
}

/** Takes a label off every pixel that has it. */
export function clearLabel(map: LabelMap, label: number): Rectangle {
  for (let i = 0; i < map.data.length; i++) if (map.data[i] === label) map.data[i] = 0;
  return wholeOf(map);
}
