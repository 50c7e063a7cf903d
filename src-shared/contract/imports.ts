import { z } from 'zod';
import { KeepOption, Plane } from '../acquisition.ts';
import { JobId, Role, Spacing, StudyId } from '../domain.ts';
import { PatientRule } from '../patient-rule.ts';
import { call } from './base.ts';

export const LayoutChoice = z.enum([
  'auto',
  'folder',
  'manifest',
  'bmad',
  'mvtec',
  'mvtec-ad-2',
  'mvtec-loco',
  'visa',
  'dicom',
  'nifti',
]);
export type LayoutChoice = z.infer<typeof LayoutChoice>;

/** What the images of a plain folder are, said by a person: references, images to score, their masks, or nothing. */
export const folderMeanings = [
  'normal',
  'normal-query',
  'abnormal',
  'query',
  'excluded',
  'masks',
  'skip',
] as const;
export const FolderMeaning = z.enum(folderMeanings);
export type FolderMeaning = z.infer<typeof FolderMeaning>;

/** How DICOM series and NIfTI volumes are taken in. */
export const SeriesChoice = z.object({
  /** Keys of the series to import; left out, all of them. */
  series: z.array(z.string()).optional(),
  /** Of volumes; DICOM slices are taken as they were acquired. */
  plane: Plane.default('axial'),
  /** Of a series of volumes in one file, from 0. */
  volume: z.int().nonnegative().default(0),
  /** Names, identifiers and UIDs of DICOM files become keyed hashes (PS3.15 basic profile). */
  deidentify: z.boolean().default(true),
  keep: z.array(KeepOption).default([]),
});
export type SeriesChoice = z.infer<typeof SeriesChoice>;

/** Paths on the machine Nidus runs on: from a native dialog, a drop, an upload or the command line. */
const ImportRequest = z.object({
  paths: z.array(z.string().min(1)).min(1),
  layout: LayoutChoice,
  /** Role of images whose layout does not say it. */
  role: Role.exclude(['excluded']),
  /** Of a plain folder: folder relative to it, '' for itself -> what its images are. Folders within take it over. */
  mapping: z.record(z.string(), FolderMeaning).optional(),
  /** How names tell patients, parts or lots; left out, the rule the names seem to follow. */
  patients: PatientRule.optional(),
  /** Fraction of the references, by whole patients, that become normal test images. */
  holdOut: z.number().min(0).max(0.9).optional(),
  slices: SeriesChoice.optional(),
  /** Pixels are read from where the files lie, which must stay there, instead of being copied. */
  link: z.boolean().optional(),
});
export type ImportRequest = z.infer<typeof ImportRequest>;

export const ImportPlan = z.object({
  layout: LayoutChoice.exclude(['auto']),
  images: z.int(),
  roles: z.object({ normal: z.int(), query: z.int(), excluded: z.int() }),
  masks: z.int(),
  /** Images called abnormal without a mask. */
  unknownGroundTruth: z.int(),
  examples: z.array(z.string()),
  /** What the rule for patients finds. */
  patients: z.object({
    rule: PatientRule,
    patients: z.int(),
    /** Images of no known patient: each stands alone. */
    alone: z.int(),
    example: z.object({ name: z.string(), patient: z.string() }).nullable(),
    /** Patients with images among the references and among the queries. */
    onBothSides: z.int(),
  }),
  /** DICOM series and NIfTI volumes; empty for pictures. */
  series: z.array(
    z.object({
      key: z.string(),
      kind: z.enum(['dicom', 'nifti']),
      title: z.string(),
      patient: z.string().nullable(),
      slices: z.int(),
      rows: z.int(),
      columns: z.int(),
      plane: Plane.nullable(),
      volumes: z.int(),
      spacing: Spacing.nullable(),
      /** Millimetres between slices. */
      sliceSpacing: z.number().nullable(),
      masks: z.boolean(),
      /** Whether it is among those to be imported. */
      chosen: z.boolean(),
      warnings: z.array(z.string()),
    }),
  ),
  /** The folders of a plain folder, with what their names say; empty for the other layouts. */
  folders: z.array(z.object({ folder: z.string(), images: z.int(), guess: FolderMeaning.nullable() })),
  warnings: z.array(z.string()),
  /** Why the files can only be copied, in a sentence; null where they can be linked. */
  copyOnly: z.string().nullable(),
});
export type ImportPlan = z.infer<typeof ImportPlan>;

export const ImportSummary = z.object({
  imported: z.int(),
  /** Already in the study, with the same name and the same pixels. */
  unchanged: z.int(),
  failed: z.array(z.object({ name: z.string(), reason: z.string() })),
});
export type ImportSummary = z.infer<typeof ImportSummary>;

export const imports = {
  /** What would be imported; nothing is copied. */
  inspect: call.input(ImportRequest).output(ImportPlan),
  start: call
    .input(
      ImportRequest.extend({
        study: z.union([z.object({ id: StudyId }), z.object({ name: z.string().trim().min(1).max(120) })]),
      }),
    )
    .output(z.object({ studyId: StudyId, jobId: JobId })),
  summary: call.input(z.object({ jobId: JobId })).output(ImportSummary),
};
