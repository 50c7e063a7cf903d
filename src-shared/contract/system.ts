import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { DeviceTrial } from '../devices.ts';
import { Job, JobId, Model, StudyId } from '../domain.ts';
import { Precision } from '../model-description.ts';
import { HubState, KeptDownload, ModelLook, PublishedModel, Repository } from '../model-import.ts';
import { TextModel } from '../text-model.ts';
import { call } from './base.ts';

export const jobs = {
  list: call.output(z.array(Job)),
  cancel: call.input(z.object({ id: JobId })).output(z.void()),
  /** Queues a failed or cancelled job again; what it had finished stays finished. */
  resume: call.input(z.object({ id: JobId })).output(z.void()),
};

export const models = {
  list: call.output(z.array(Model)),
  /** Text encoders: they never stand where a model for images is chosen. */
  listText: call.output(z.array(TextModel)),
  /** What lies at a path on the machine Nidus runs on, and which licence it comes under. */
  look: call.input(z.object({ path: z.string().min(1), precision: Precision })).output(ModelLook),
  /** Queues the conversion of what lies at a path; the model is there when its job has finished. */
  import: call
    .input(
      z.object({
        path: z.string().min(1),
        name: z.string().optional(),
        precision: Precision.optional(),
        acceptLicence: z.boolean(),
      }),
    )
    .output(z.object({ name: z.string(), jobId: JobId })),
  /** What publishers offer on the hub. Asks nobody. */
  published: call.output(z.array(PublishedModel)),
  /** Queues a download and the import of what it brings: the only call that uses a network. */
  download: call
    .input(
      z.object({
        repository: Repository,
        revision: z.string().min(1).optional(),
        name: z.string().optional(),
        precision: Precision.optional(),
        acceptLicence: z.boolean(),
      }),
    )
    .output(z.object({ name: z.string(), jobId: JobId })),
  /** What is kept of downloads that broke off or were cancelled. */
  keptDownloads: call.output(z.array(KeptDownload)),
  removeDownload: call.input(z.object({ repository: Repository })).output(z.void()),
  hub: call.output(HubState),
  /** The person's own token; null forgets it. Never given back. */
  setToken: call.input(z.object({ token: z.string().nullable() })).output(HubState),
  /** Tries every device of this machine again. */
  tryDevices: call.input(z.object({ name: z.string() })).output(z.array(DeviceTrial)),
  remove: call.input(z.object({ name: z.string() })).output(z.object({ warnings: z.array(z.string()) })),
};

export const EngineStatus = z.object({
  state: z.enum(['idle', 'starting', 'ready', 'gone']),
  /** What runs where, e.g. "scatter16 on CPU". */
  model: z.string().nullable(),
  device: z.string(),
  /** Why other devices are not used for it. */
  refusals: z.array(z.string()),
  /** Median milliseconds an image of the last extractions; null before the first. */
  millisecondsPerImage: z.number().nullable(),
  /** How often the engine had to be started again since the application started. */
  restarts: z.int(),
});
export type EngineStatus = z.infer<typeof EngineStatus>;

export const SystemInfo = z.object({
  version: z.string(),
  host: z.enum(['desktop', 'browser', 'terminal']),
  workspace: z.string(),
  engine: EngineStatus,
});
export type SystemInfo = z.infer<typeof SystemInfo>;

const Amount = z.object({ files: z.int(), bytes: z.int() });

export const system = {
  /**
   * What pixels, masks and thumbnails take, what of it no image names any more, and what lies linked outside the
   * workspace, or did. Looks at every file.
   */
  storage: call.output(z.object({ stored: Amount, unused: Amount, linked: Amount, missing: z.int() })),
  /** Removes what no image names any more; refused while a job runs. Answers what was removed. */
  cleanUp: call.output(Amount),
  info: call.output(SystemInfo),
  /** The last entries of the audit log, newest first, and whether the hash chain is whole. */
  audit: call.input(z.object({ limit: z.int().min(1).max(500) })).output(
    z.object({
      intact: z.boolean(),
      entries: z.array(
        z.object({ id: z.int(), at: z.iso.datetime(), action: z.string(), detail: z.string() }),
      ),
    }),
  ),
};

/** What changed, so that the window asks again. */
export const AppEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('job'), job: Job }),
  z.object({ type: z.literal('study'), studyId: StudyId }),
  /** Marks or verdicts of a study: they come by the second while somebody reads. */
  z.object({ type: z.literal('annotations'), studyId: StudyId }),
  z.object({ type: z.literal('studies') }),
  z.object({ type: z.literal('models') }),
  z.object({ type: z.literal('adapters') }),
  z.object({ type: z.literal('engine'), engine: EngineStatus }),
]);
export type AppEvent = z.infer<typeof AppEvent>;

export const events = {
  /** Starts with the current engine status and every unfinished job, then goes on until the client leaves. */
  subscribe: call.output(eventIterator(AppEvent)),
};
