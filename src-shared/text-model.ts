/** Text encoders: models that turn sentences into vectors. They never stand where a model for images is chosen. */
import { z } from 'zod';

/** `description.json` of an imported text encoder. */
export const TextModelDescription = z.object({
  kind: z.literal('text'),
  name: z.string(),
  /** ONNX file, relative to the folder of the description. */
  file: z.string(),
  /** Of the ONNX file. */
  sha256: z.string(),
  family: z.string(),
  /** Values of a text vector. */
  dimension: z.int().positive(),
  /** Ids of a sentence at most, start and end included. */
  contextLength: z.int().positive(),
  layers: z.int().positive(),
  /** Everything that belongs to it, the ONNX file first, then its data and the vocabulary. */
  files: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: z.int() })),
  /** Relative L2 distance of its vectors to those of the same weights with unfused attention. */
  deviation: z.number(),
  /** Milliseconds a sentence, at the time of the import. */
  milliseconds: z.number(),
});
export type TextModelDescription = z.infer<typeof TextModelDescription>;

/** A text encoder as people see it. */
export const TextModel = z.object({
  kind: z.literal('text'),
  name: z.string(),
  family: z.string(),
  dimension: z.int().positive(),
  contextLength: z.int().positive(),
  layers: z.int().positive(),
  licence: z.string(),
  licenceNotice: z.string(),
  sha256: z.string(),
  bytes: z.int(),
  imported: z.object({ at: z.iso.datetime(), deviation: z.number(), milliseconds: z.number() }),
});
export type TextModel = z.infer<typeof TextModel>;
