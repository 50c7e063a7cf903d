/**
 * What a reader draws over an image and says of it. How it is stored and why: docs/decisions, "Annotations".
 * A label map holds one segment number a pixel, so segments never overlap and "my annotation" is one mask.
 */
import { z } from 'zod';
import { ImageId } from './domain.ts';
import { Measurement } from './measurement.ts';

/** Who reads; a name, so that two people may read the same study without seeing each other's marks. */
export const Reader = z.string().trim().min(1).max(60);
export type Reader = z.infer<typeof Reader>;

/** In image pixels, pixel `i` covers `[i, i + 1)`. */
export const ImagePoint = z.object({ x: z.number(), y: z.number() });
export type ImagePoint = z.infer<typeof ImagePoint>;

export const Rectangle = z.object({
  x: z.int().min(0),
  y: z.int().min(0),
  width: z.int().positive(),
  height: z.int().positive(),
});
export type Rectangle = z.infer<typeof Rectangle>;

export const Segment = z.object({
  /** Its number in the label map; 0 is outside of every segment. */
  value: z.int().min(1).max(255),
  name: z.string().trim().min(1).max(60),
});
export type Segment = z.infer<typeof Segment>;

export const FindingVerdict = z.enum(['confirmed', 'rejected', 'unsure']);
export type FindingVerdict = z.infer<typeof FindingVerdict>;
export const Severity = z.enum(['minor', 'moderate', 'major']);
export type Severity = z.infer<typeof Severity>;

/** A reader's verdict on a region. */
export const Finding = z.object({
  id: z.uuid(),
  at: ImagePoint,
  /** The segment the region belongs to; null where nothing is drawn. */
  segment: z.int().min(1).max(255).nullable(),
  verdict: FindingVerdict,
  severity: Severity.nullable(),
  comment: z.string().max(4000),
});
export type Finding = z.infer<typeof Finding>;

export const Note = z.object({ id: z.uuid(), at: ImagePoint, text: z.string().trim().min(1).max(4000) });
export type Note = z.infer<typeof Note>;

/** All of an annotation but its pixels. */
export const AnnotationDocument = z.object({
  segments: z.array(Segment).min(1).max(255),
  findings: z.array(Finding).max(1000),
  notes: z.array(Note).max(1000),
  /** Absent from what was kept before measuring was part of it. */
  measurements: z.array(Measurement).max(1000).default([]),
});
export type AnnotationDocument = z.infer<typeof AnnotationDocument>;

export const emptyDocument: AnnotationDocument = {
  segments: [{ value: 1, name: 'Anomaly' }],
  findings: [],
  notes: [],
  measurements: [],
};

/** uint8 samples, row-major, raw deflate, base64: the browser and Node both speak it without a library. */
export const PackedLabels = z.base64().max(64 * 2 ** 20);
export type PackedLabels = z.infer<typeof PackedLabels>;

/** The pixels a step changed. */
export const PackedPatch = z.object({
  rectangle: Rectangle,
  before: PackedLabels,
  after: PackedLabels,
});
export type PackedPatch = z.infer<typeof PackedPatch>;

/** One thing done, as undo counts. */
export const AnnotationStep = z.object({
  number: z.int().min(1),
  title: z.string().min(1).max(80),
  at: z.iso.datetime(),
});
export type AnnotationStep = z.infer<typeof AnnotationStep>;

export const revisionReasons = ['left', 'saved', 'blind', 'revealed'] as const;
/** Why a revision was kept: the reader went on to another image, asked for it, or judged blind or with the map. */
export const RevisionReason = z.enum(revisionReasons);
export type RevisionReason = z.infer<typeof RevisionReason>;

export const Revision = z.object({
  number: z.int().min(1),
  at: z.iso.datetime(),
  reason: RevisionReason,
});
export type Revision = z.infer<typeof Revision>;

export const Annotation = z.object({
  imageId: ImageId,
  reader: Reader,
  /** Steps up to this number are applied, those above it may be done again; 0 before the first. */
  applied: z.int().min(0),
  /** Those that are still remembered, in order. */
  steps: z.array(AnnotationStep),
  document: AnnotationDocument,
  /** Null while nothing was ever drawn. */
  labels: PackedLabels.nullable(),
  revisions: z.array(Revision),
});
export type Annotation = z.infer<typeof Annotation>;
