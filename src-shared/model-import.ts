/** Bringing a model into the workspace: from files, or from the Hugging Face hub. */
import { z } from 'zod';
import { JobId } from './domain.ts';
import { modelNamePattern, Precision } from './model-description.ts';

/** `owner/name`, as the hub spells repositories. */
export const Repository = z
  .string()
  .regex(
    /^[\w.-]{1,96}\/[\w.-]{1,96}$/,
    'A repository is written as owner/name, for example facebook/dinov2-small.',
  );

export const ModelOrigin = z.discriminatedUnion('kind', [
  /** A folder with `config.json` and weights, one of its files, or a ready ONNX file. */
  z.object({ kind: z.literal('path'), path: z.string().min(1) }),
  /** The revision is a branch, a tag or a commit. */
  z.object({ kind: z.literal('hub'), repository: Repository, revision: z.string().min(1) }),
]);
export type ModelOrigin = z.infer<typeof ModelOrigin>;

/** Kept with the job that does it, so that it goes on after a restart. */
export const ModelRequest = z.object({
  origin: ModelOrigin,
  name: z.string().regex(modelNamePattern),
  precision: Precision,
  /** Whoever asked has accepted the licence, whichever it turns out to be. */
  acceptLicence: z.boolean(),
});
export type ModelRequest = z.infer<typeof ModelRequest>;

export const Licence = z.object({
  name: z.string(),
  /** What it asks of whoever uses the model, in a sentence or two. */
  notice: z.string(),
  /** Where to read it. */
  page: z.url(),
  /** It has to be accepted before the weights are used. */
  gated: z.boolean(),
  /** When somebody accepted it in this workspace. */
  accepted: z.iso.datetime().nullable(),
});
export type Licence = z.infer<typeof Licence>;

/** What lies at a path, before anything is made of it. */
export const ModelLook = z.object({
  path: z.string(),
  /** Taken from the folder's name; free to use. */
  name: z.string(),
  form: z.enum(['weights', 'onnx']),
  /** `model_type` of the configuration. */
  family: z.string(),
  licence: Licence,
  bytes: z.int(),
});
export type ModelLook = z.infer<typeof ModelLook>;

/** The hub, and whether Nidus has a token for it. */
export const HubState = z.object({
  host: z.string(),
  token: z.enum(['none', 'key-store', 'memory', 'environment']),
});
export type HubState = z.infer<typeof HubState>;

/** A model that its publisher offers on the hub. */
export const PublishedModel = z.object({
  repository: Repository,
  title: z.string(),
  /** What it turns into features. */
  kind: z.enum(['image', 'text']),
  family: z.string(),
  /** Of the weights. */
  megabytes: z.int(),
  licence: Licence,
  /** Where its publisher describes it. */
  page: z.url(),
});
export type PublishedModel = z.infer<typeof PublishedModel>;

/** What arrived of a download that did not come to its end, kept so that it can go on. */
export const KeptDownload = z.object({
  repository: Repository,
  bytes: z.int(),
  /** When the last of it arrived. */
  at: z.iso.datetime(),
  /** Removed by itself at the first start after that. */
  until: z.iso.datetime(),
  /** The job that goes on with it when it is resumed. */
  jobId: JobId.nullable(),
});
export type KeptDownload = z.infer<typeof KeptDownload>;
