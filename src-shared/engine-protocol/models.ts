/** What is asked of models, of text encoders and of the adapters trained on them. */
import type { TrainingPlan, WrittenAdapter } from '../adapter.ts';
import type { ComputeDevice } from '../devices.ts';
import type { ModelDescription, Precision } from '../model-description.ts';
import type { PromptList, Prompts } from '../prompts.ts';
import type { TextModelDescription } from '../text-model.ts';

/** The hashes were right and what the model gives on a trial are numbers of the shapes described. */
export type ModelCheck =
  /** Milliseconds for one image of `size` pixels a side. */
  | { readonly kind: 'image'; readonly files: number; readonly milliseconds: number; readonly size: number }
  /** Milliseconds a sentence. */
  | {
      readonly kind: 'text';
      readonly files: number;
      readonly milliseconds: number;
      readonly sentences: number;
    };

export interface ModelCalls {
  /** Converts weights into a new folder of a model and tries it. A failure leaves nothing behind. */
  'import-model': {
    request: { source: string; target: string; name: string; precision: Precision };
    reply: ModelDescription | TextModelDescription;
  };
  /** Compares a model's files with their hashes and tries it. */
  'check-model': { request: { model: string }; reply: ModelCheck };
  /** Devices that the runtime was built for, the CPU first. */
  'list-devices': { request: undefined; reply: ComputeDevice[] };
  /** Runs a model on a device and compares it with the CPU; the device may kill the engine. */
  'try-device': {
    request: { name: string; device: ComputeDevice };
    reply: { milliseconds: number; deviation: number };
  };
  /** From now on the model runs there. */
  'use-device': { request: { name: string; device: ComputeDevice }; reply: void };
  /** Lets go of a model, so that its files can be removed. */
  'close-model': { request: { name: string }; reply: void };
  /** The sentences of a class; with a text encoder also the cosine of its two text vectors. */
  'preview-prompts': {
    request: { text: string | null; className: string; list: PromptList };
    reply: Prompts & { cosine: number | null };
  };
  /** Trains an adapter from where its folder stands, and writes it. */
  'train-adapter': { request: { plan: TrainingPlan }; reply: WrittenAdapter };
  /** What an adapter file holds. @throws Failure when it is none or has been changed */
  'inspect-adapter': { request: { path: string }; reply: WrittenAdapter };
}
