/**
 * What is known of an image that is a slice of a series or a volume: where it lies in the body, what its samples measure,
 * and how its maker meant it to be seen. Words follow DICOM (PS3.3 C.7.6, C.8, C.11).
 */
import { z } from 'zod';

/** value = slope x sample + intercept (PS3.3 C.11.1; scl_slope and scl_inter of NIfTI). The slope is never 0. */
export const Rescale = z.object({
  slope: z.number(),
  intercept: z.number(),
  /** "HU" for CT; null where the source does not say. */
  unit: z.string().nullable(),
});
export type Rescale = z.infer<typeof Rescale>;

/**
 * A table of greys over a window, as few of its entries as draw it: between two knots it is a straight line. The window
 * begins at the first entry and ends at the last.
 */
export const GreyTable = z.object({
  entries: z.int().min(2).max(65_536),
  /** Entry, from 0 to entries - 1 in ascending order, and its grey: 0 black, 1 white. */
  knots: z.array(z.tuple([z.int(), z.number()])).min(2),
});
export type GreyTable = z.infer<typeof GreyTable>;

export const GreyCurve = z.union([z.literal('sigmoid'), GreyTable]);
export type GreyCurve = z.infer<typeof GreyCurve>;

/** Samples at `low` are black, at `high` white, evenly between them unless a curve says how; low < high. */
export const SampleWindow = z.object({ low: z.number(), high: z.number(), curve: GreyCurve.optional() });
export type SampleWindow = z.infer<typeof SampleWindow>;

/** VOI LUT functions of PS3.3 C.11.2.1.2 and C.11.2.1.3, or a VOI LUT (C.11.2.1.1), whose width is entries - 1. */
export const WindowFunction = z.union([z.enum(['linear', 'linear-exact', 'sigmoid']), GreyTable]);
export type WindowFunction = z.infer<typeof WindowFunction>;

/** A window as scanners write it, in rescaled values. */
export const ValueWindow = z.object({
  centre: z.number(),
  width: z.number().positive(),
  function: WindowFunction,
  /** What the scanner calls it, e.g. "BONE"; null where it has no name. */
  name: z.string().nullable(),
});
export type ValueWindow = z.infer<typeof ValueWindow>;

/** Which part of the body lies beyond each edge: L, R, A, P, H, F, up to three letters, the main one first. */
export const EdgeLetters = z.object({
  left: z.string(),
  right: z.string(),
  top: z.string(),
  bottom: z.string(),
});
export type EdgeLetters = z.infer<typeof EdgeLetters>;

export const Plane = z.enum(['axial', 'coronal', 'sagittal']);
export type Plane = z.infer<typeof Plane>;

/** Which statement of the source the spacing was taken from; the first two are distances in the patient, the rest estimates. */
export const SpacingSource = z.enum([
  'pixel-spacing',
  'affine',
  'calibrated',
  'imager-pixel-spacing',
  'nominal-scanned-pixel-spacing',
  'ultrasound-region',
]);
export type SpacingSource = z.infer<typeof SpacingSource>;

export const Acquisition = z.object({
  /** DICOM's code: CT, MR, US ...; null for a NIfTI volume, which does not say. */
  modality: z.string().nullable(),
  /** The same for all slices of a series or volume. A hash, or the UID where its identity was kept. */
  series: z.string(),
  /** What to call the series on screen, e.g. "CT 2". */
  seriesName: z.string(),
  /** The same for all images of one instance; null for a volume. A hash, or the UID where its identity was kept. */
  instance: z.string().nullable(),
  /** From 0, of an instance of several frames; null where there is one. */
  frame: z.int().nonnegative().nullable(),
  /** Place in the series, from 0: along the normal where positions are known, else in the order of the source. */
  slice: z.int().nonnegative(),
  slices: z.int().positive(),
  /** Millimetres along the normal of the slices; null where the source has no positions. */
  position: z.number().nullable(),
  /** The plane the slice is nearest to; null where the source has no orientation. */
  plane: Plane.nullable(),
  /** Degrees between the slice and that plane; 0 where it is one of the three. */
  tilt: z.number().nonnegative(),
  edges: EdgeLetters.nullable(),
  spacingSource: SpacingSource.nullable(),
  /** Millimetres between neighbouring slices; null where it is not the same throughout. */
  sliceSpacing: z.number().positive().nullable(),
  rescale: Rescale,
  /** As the source offers them, the first is its default; empty where it offers none. */
  windows: z.array(ValueWindow),
  /** What the person who imported it chose to keep (PS3.15 annex E options), e.g. { "Patient's age": "064Y" }. */
  kept: z.record(z.string(), z.string()),
});
export type Acquisition = z.infer<typeof Acquisition>;

/** Options of PS3.15 annex E: what a de-identified import may keep all the same. */
export const KeepOption = z.enum(['descriptions', 'characteristics', 'dates', 'uids', 'overlays']);
export type KeepOption = z.infer<typeof KeepOption>;

/** A stored sample as the value it stands for. */
export const valueOf = ({ slope, intercept }: Rescale, sample: number): number => slope * sample + intercept;

/** The stored sample, not rounded, that stands for a value. */
export const sampleOf = ({ slope, intercept }: Rescale, value: number): number => (value - intercept) / slope;
