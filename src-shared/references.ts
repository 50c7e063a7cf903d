/** Frozen reference sets, and what the doctor finds in the normal images of a study. */
import { z } from 'zod';
import { ImageId, JobId, ReferenceSetId, RunId } from './domain.ts';
import { Fit, ForegroundChoice } from './methods/common.ts';

export const ReferenceSet = z.object({
  id: ReferenceSetId,
  version: z.int(),
  /** Null for a set that only a run froze. */
  name: z.string().nullable(),
  size: z.int(),
  createdAt: z.iso.datetime(),
  /** Runs that took it, newest first. */
  runs: z.array(RunId),
});
export type ReferenceSet = z.infer<typeof ReferenceSet>;

/** "version 3", or "version 3, March" where it has a name. */
export const setTitle = ({ version, name }: Pick<ReferenceSet, 'version' | 'name'>): string =>
  name === null ? `version ${version}` : `version ${version}, ${name}`;

export const ReferenceSetName = z.string().trim().min(1).max(60);

const NamedImage = z.object({ id: ImageId, name: z.string() });
export type NamedImage = z.infer<typeof NamedImage>;

/** What to do to the first set to get the second. */
export const ReferenceSetDiff = z.object({
  added: z.array(NamedImage),
  removed: z.array(NamedImage),
  common: z.int(),
});
export type ReferenceSetDiff = z.infer<typeof ReferenceSetDiff>;

/** What the doctor looks at images with. */
export const DoctorSettings = z.object({
  model: z.string(),
  size: z.int().min(64).max(2048),
  fit: Fit.default('squash'),
  layer: z.int().min(1).nullable().default(null),
  foreground: ForegroundChoice,
});
export type DoctorSettings = z.infer<typeof DoctorSettings>;

/** One picture several times: `identical` = the same pixels, else the same picture by its details. */
export const DuplicateGroup = z.object({ images: z.array(ImageId).min(2), identical: z.boolean() });
export type DuplicateGroup = z.infer<typeof DuplicateGroup>;

export const Leak = z.object({
  normal: ImageId,
  query: ImageId,
  kind: z.enum(['same pixels', 'same picture']),
});
export type Leak = z.infer<typeof Leak>;

/** A patient or lot with images on both sides. */
export const SharedPatient = z.object({ normals: z.array(ImageId), queries: z.array(ImageId) });
export type SharedPatient = z.infer<typeof SharedPatient>;

/** An image whose figure lies above what the others of its kind lead to expect. */
export const Suspect = z.object({ image: ImageId, figure: z.number() });
export type Suspect = z.infer<typeof Suspect>;

export const Suspects = z.object({
  /** Figures above this stand out; null where there are too few images to say. */
  fence: z.number().nullable(),
  /** Worst first. */
  images: z.array(Suspect),
});
export type Suspects = z.infer<typeof Suspects>;

export const Proposal = z.object({
  /** Left-out images that bring queries within reach. */
  add: z.array(ImageId),
  drop: z.array(z.object({ image: ImageId, why: z.enum(['abnormal', 'duplicate', 'redundant']) })),
  /**
   * Leave-one-out estimate on normal images that do not look abnormal, at the raw image score that 95 % of them stay
   * below with the present set; null where there are too few.
   */
  falsePositives: z
    .object({ threshold: z.number(), images: z.int(), present: z.int(), proposed: z.int() })
    .nullable(),
});
export type Proposal = z.infer<typeof Proposal>;

export const DoctorFindings = z.object({
  normals: z.int(),
  queries: z.int(),
  duplicates: z.array(DuplicateGroup),
  leaks: z.array(Leak),
  sharedPatients: z.array(SharedPatient),
  /** Figure: leave-one-out image score, mean of the top 1 % of cosine distances of patches. */
  abnormal: Suspects,
  /** Figure: 1 - cosine similarity of the embedding to that of the closest normal. */
  uncovered: Suspects,
  proposal: Proposal,
});
export type DoctorFindings = z.infer<typeof DoctorFindings>;

/** One entry an image, column by column; null where there is no value. */
export const DoctorPoints = z.object({
  images: z.array(ImageId),
  /** x and y of every image on the two main directions of the embeddings. */
  pca: z.array(z.number()),
  /** x and y of every image by UMAP; null where there are too many images for it, or too few. */
  umap: z.array(z.number()).nullable(),
  /** Cosine similarity to the closest normal. */
  similarity: z.array(z.number().nullable()),
  /** Leave-one-out image score of normals. */
  score: z.array(z.number().nullable()),
});
export type DoctorPoints = z.infer<typeof DoctorPoints>;

export const DoctorReport = z.object({
  jobId: JobId,
  settings: DoctorSettings,
  finishedAt: z.iso.datetime().nullable(),
  findings: DoctorFindings,
  points: DoctorPoints,
});
export type DoctorReport = z.infer<typeof DoctorReport>;
