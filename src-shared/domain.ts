/**
 * The vocabulary of Nidus as types: what main stores, what the contract carries, what the window shows.
 * Words are those of docs/architecture.md.
 */
import { z } from 'zod';
import { Acquisition, SampleWindow } from './acquisition.ts';
import { ComputeDevices, DeviceTrial } from './devices.ts';
import { Precision } from './model-description.ts';

export const StudyId = z.int().positive().brand<'StudyId'>();
export type StudyId = z.infer<typeof StudyId>;
export const ImageId = z.int().positive().brand<'ImageId'>();
export type ImageId = z.infer<typeof ImageId>;
export const RunId = z.int().positive().brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;
export const JobId = z.int().positive().brand<'JobId'>();
export type JobId = z.infer<typeof JobId>;
export const ReferenceSetId = z.int().positive().brand<'ReferenceSetId'>();
export type ReferenceSetId = z.infer<typeof ReferenceSetId>;

/** normal = reference image; query = to be scored; excluded = kept, but takes no part. */
export const Role = z.enum(['normal', 'query', 'excluded']);
export type Role = z.infer<typeof Role>;
export const Label = z.enum(['normal', 'abnormal', 'unknown']);
export type Label = z.infer<typeof Label>;
export const Split = z.enum(['train', 'valid', 'test']);
export type Split = z.infer<typeof Split>;

/** drawn = a mask with at least the possibility of pixels; empty = known to hold nothing; unknown = nobody said. */
export const GroundTruth = z.enum(['drawn', 'empty', 'unknown']);
export type GroundTruth = z.infer<typeof GroundTruth>;

export const PixelType = z.enum(['uint8', 'uint16', 'int16', 'float32']);
export type PixelType = z.infer<typeof PixelType>;

/** Decoded pixels in the blob store, named by the SHA-256 of their little-endian bytes. */
export const PixelsInfo = z.object({
  sha256: z.string().length(64),
  type: PixelType,
  width: z.int().positive(),
  height: z.int().positive(),
  channels: z.union([z.literal(1), z.literal(3)]),
  bits: z.int().positive(),
  /** What models and thumbnails see of it; without one the samples themselves decide (src-engine/models/intensity.ts). */
  window: SampleWindow.optional(),
});
export type PixelsInfo = z.infer<typeof PixelsInfo>;

/** Over the finite samples of all channels. */
export const PixelStatistics = z.object({ min: z.number(), max: z.number(), mean: z.number() });
export type PixelStatistics = z.infer<typeof PixelStatistics>;

/** Millimetres between pixel centres. */
export const Spacing = z.object({ row: z.number().positive(), column: z.number().positive() });
export type Spacing = z.infer<typeof Spacing>;

export const StudyImage = z.object({
  id: ImageId,
  studyId: StudyId,
  name: z.string(),
  role: Role,
  label: Label,
  split: Split.nullable(),
  /** Defect type as the data set names it (MVTec AD folder). */
  defect: z.string().nullable(),
  pixels: PixelsInfo,
  statistics: PixelStatistics,
  spacing: Spacing.nullable(),
  groundTruth: GroundTruth,
  /** The file draws something over the image, apart from its pixels. */
  hasOverlay: z.boolean(),
  /** Who or what the image is of: images of one patient or lot never stand on both sides of a split. Never a name. */
  patient: z.string().nullable(),
  /** Of a slice of a series or volume; null for a picture. */
  acquisition: Acquisition.nullable(),
});
export type StudyImage = z.infer<typeof StudyImage>;

export const Study = z.object({
  id: StudyId,
  name: z.string(),
  createdAt: z.iso.datetime(),
  /** Id of the sample this study was made from, if it was. */
  sample: z.string().nullable(),
  counts: z.object({
    normal: z.int(),
    query: z.int(),
    excluded: z.int(),
    /** Images with a drawn ground-truth mask. */
    masks: z.int(),
  }),
  /** Up to four images for the contact sheet. */
  cover: z.array(ImageId),
  latestRun: z.object({ id: RunId, pixelAuroc: z.number().nullable() }).nullable(),
});
export type Study = z.infer<typeof Study>;

export const Sample = z.object({
  id: z.string(),
  title: z.string(),
  description: z.string(),
  normals: z.int(),
  queries: z.int(),
  /** A study made from this sample, if there is one. */
  studyId: StudyId.nullable(),
});
export type Sample = z.infer<typeof Sample>;

export const Model = z.object({
  kind: z.literal('image'),
  name: z.string(),
  title: z.string(),
  family: z.string(),
  description: z.string(),
  patch: z.int().positive(),
  dimension: z.int().positive(),
  embeddingDimension: z.int().positive(),
  /** Layers whose outputs can be asked for; 0 where there are none. */
  layers: z.int(),
  registers: z.int(),
  /** Smallest edge of an image in pixels; sizes are multiples of the patch. */
  minimumSize: z.int().positive(),
  precision: Precision,
  /** Name of the licence. */
  licence: z.string(),
  /** What it asks of whoever uses the model, in a sentence or two; null for built-in models. */
  licenceNotice: z.string().nullable(),
  sha256: z.string(),
  /** Of all files. */
  bytes: z.int(),
  builtIn: z.boolean(),
  /** What it runs on. */
  device: ComputeDevices,
  /** What became of it on the devices of this machine; empty before its first use. */
  trials: z.array(DeviceTrial),
  /** Of an imported model: what its import measured. */
  imported: z
    .object({
      at: z.iso.datetime(),
      /** Where its files came from: a folder, or a repository and its commit. */
      origin: z.string(),
      /** When whoever imported it accepted its licence. */
      licenceAccepted: z.iso.datetime(),
      /**
       * Relative L2 distance of the features to those of the same weights in float32, computed another way: in the model's own
       * precision, and in others to compare with. Nothing is known of a ready ONNX file.
       */
      deviations: z.partialRecord(Precision, z.number()),
      /** For one image. */
      milliseconds: z.number(),
    })
    .nullable(),
});
export type Model = z.infer<typeof Model>;

/** A model without what is known of it on this machine's devices. */
export type StoredModel = Omit<Model, 'device' | 'trials'>;

/** `auto` is the fastest that agrees with the CPU. */
export const devices = ['auto', ...ComputeDevices.options] as const;
export const Device = z.enum(devices);
export type Device = z.infer<typeof Device>;

export const FailureInfo = z.object({ kind: z.string(), message: z.string() });

export const JobState = z.enum(['queued', 'running', 'finished', 'failed', 'cancelled']);
export type JobState = z.infer<typeof JobState>;

export const JobKind = z.enum(['import', 'run', 'doctor', 'import-model', 'download', 'train']);
export type JobKind = z.infer<typeof JobKind>;

export const Job = z.object({
  id: JobId,
  kind: JobKind,
  title: z.string(),
  studyId: StudyId.nullable(),
  runId: RunId.nullable(),
  state: JobState,
  done: z.int(),
  total: z.int(),
  /** Items that could not be done; the job goes on without them. */
  failed: z.int(),
  /** What a running job is busy with before its items count, e.g. "Preparing references: 12 of 40". */
  activity: z.string().nullable(),
  /** Why the job as a whole failed. */
  error: z.string().nullable(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Job = z.infer<typeof Job>;

export const Scale = z.enum(['raw', 'minmax']);
export type Scale = z.infer<typeof Scale>;

/** Which images the pixel figures are pooled over: the DINO-AD paper takes abnormal test images only. */
export const Scope = z.enum(['abnormal', 'all']);
export type Scope = z.infer<typeof Scope>;
