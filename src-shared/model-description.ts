/** `description.json` of an imported model: all the engine needs to run it, and all main needs to list it. */
import { z } from 'zod';

const Triple = z.tuple([z.number(), z.number(), z.number()]);

/** Numbers of the weights. */
export const Precision = z.enum(['fp32', 'fp16', 'int8']);
export type Precision = z.infer<typeof Precision>;

export const Interpolation = z.enum(['bilinear', 'bicubic']);
export type Interpolation = z.infer<typeof Interpolation>;

/** Names of imported models are names of folders, on every operating system. */
export const modelNamePattern = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

/** What the engine needs to know of a model; `models/catalogue.json` says more, for people. */
export const ModelEntry = z.object({
  name: z.string(),
  /** ONNX file, relative to the folder of the catalogue or of the description. */
  file: z.string(),
  /** Of the ONNX file. */
  sha256: z.string(),
  /** Pixels a patch, both ways. */
  patch: z.int().positive(),
  /** Smallest edge of an input image in pixels. */
  minimumSize: z.int().positive(),
  /** Values of a patch feature. */
  dimension: z.int().positive(),
  embeddingDimension: z.int().positive(),
  /** Null for models that take images in 0 .. 1 as they are. */
  normalisation: z.object({ mean: Triple, standardDeviation: Triple }).nullable(),
  /** How images are resized for it, always antialiased. */
  interpolation: Interpolation.default('bilinear'),
  /** Layers whose outputs can be asked for: blocks of a ViT, stages of a ConvNeXt; 0 where there are none. */
  layers: z.int().min(0).default(0),
  precision: Precision.default('fp32'),
});
export type ModelEntry = z.infer<typeof ModelEntry>;

export const ModelDescription = ModelEntry.extend({
  /** `model_type` of the configuration it was converted from. */
  family: z.string(),
  registers: z.int().min(0),
  /** From weights, or taken over from a ready ONNX file. */
  source: z.enum(['converted', 'onnx']).default('converted'),
  /** Everything that belongs to it, the ONNX file first. */
  files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.int() })),
  /**
   * Relative L2 distance of the patch features in each precision to those of the same weights in float32 with unfused
   * attention, on the calibration picture. Of a ready ONNX file nothing is known to compare with.
   */
  deviations: z.partialRecord(Precision, z.number()),
  /** Milliseconds for one image, at the time of the import. */
  milliseconds: z.number(),
});
export type ModelDescription = z.infer<typeof ModelDescription>;
