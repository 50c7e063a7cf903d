/** Changes of an annotation's document: each returns a new one. Pure; ids are handed in. */
import type { AnnotationDocument, Finding, Note, Segment } from '#shared/annotation.ts';
import type { Measurement } from '#shared/measurement.ts';

const largestSegment = 255;

/** Adds a segment under the smallest free number; the document as it is when there is none left. */
export function addSegment(document: AnnotationDocument, name: string): AnnotationDocument {
  const used = new Set(document.segments.map(({ value }) => value));
  for (let value = 1; value <= largestSegment; value++) {
    if (!used.has(value)) return { ...document, segments: [...document.segments, { value, name }] };
  }
  return document;
}

export function renameSegment(document: AnnotationDocument, value: number, name: string): AnnotationDocument {
  const renamed = (segment: Segment) => (segment.value === value ? { ...segment, name } : segment);
  return { ...document, segments: document.segments.map(renamed) };
}

/** Takes a segment away; findings on it stand on nothing drawn from then on. The last one stays. */
export function removeSegment(document: AnnotationDocument, value: number): AnnotationDocument {
  const segments = document.segments.filter((segment) => segment.value !== value);
  if (segments.length === 0) return document;
  const findings = document.findings.map((finding) =>
    finding.segment === value ? { ...finding, segment: null } : finding,
  );
  return { ...document, segments, findings };
}

/** Adds a finding, or puts it in the place of the one with its id. */
export function putFinding(document: AnnotationDocument, finding: Finding): AnnotationDocument {
  const known = document.findings.some(({ id }) => id === finding.id);
  const findings = known
    ? document.findings.map((one) => (one.id === finding.id ? finding : one))
    : [...document.findings, finding];
  return { ...document, findings };
}

export const removeFinding = (document: AnnotationDocument, id: string): AnnotationDocument => ({
  ...document,
  findings: document.findings.filter((finding) => finding.id !== id),
});

/** As `putFinding`; a note without text is taken away. */
export function putNote(document: AnnotationDocument, note: Note): AnnotationDocument {
  const others = document.notes.filter(({ id }) => id !== note.id);
  if (note.text.trim() === '') return { ...document, notes: others };
  const known = others.length < document.notes.length;
  const notes = known
    ? document.notes.map((one) => (one.id === note.id ? note : one))
    : [...document.notes, note];
  return { ...document, notes };
}

export const addMeasurement = (
  document: AnnotationDocument,
  measurement: Measurement,
): AnnotationDocument => ({ ...document, measurements: [...document.measurements, measurement] });

export const removeMeasurement = (document: AnnotationDocument, id: string): AnnotationDocument => ({
  ...document,
  measurements: document.measurements.filter((measurement) => measurement.id !== id),
});

/** "Segment 3": a name nobody has taken yet. */
export function freeSegmentName({ segments }: AnnotationDocument): string {
  const names = new Set(segments.map(({ name }) => name));
  let number = segments.length + 1;
  while (names.has(`Segment ${number}`)) number += 1;
  return `Segment ${number}`;
}
