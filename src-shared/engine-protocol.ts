/**
 * What main asks of the engine process, request by request; one file a subject. Messages are structured clones, so typed arrays
 * travel as they are. The engine keeps loaded sessions and caches and nothing else: every request says all it needs.
 */
import type { LossPoint } from './adapter.ts';
import type { DoctorCalls } from './doctor-protocol.ts';
import type { Device } from './domain.ts';
import type { BroughtCalls } from './engine-protocol/brought.ts';
import type { EvaluationCalls } from './engine-protocol/evaluation.ts';
import type { IntakeCalls } from './engine-protocol/intake.ts';
import type { ModelCalls } from './engine-protocol/models.ts';
import type { ScoringCalls } from './engine-protocol/scoring.ts';
import type { FailureKind } from './errors.ts';

export type * from './engine-protocol/brought.ts';
export type * from './engine-protocol/evaluation.ts';
export type * from './engine-protocol/intake.ts';
export type * from './engine-protocol/models.ts';
export type * from './engine-protocol/scoring.ts';

/** Where the engine finds and leaves files; sent once after every start. */
export interface EngineOptions {
  readonly blobs: string;
  readonly thumbnails: string;
  readonly features: string;
  readonly embeddings: string;
  /** The models that come with Nidus. */
  readonly models: string;
  /** The workspace's own models; null without a workspace. */
  readonly importedModels: string | null;
  /** The workspace's adapters; null without a workspace. */
  readonly adapters: string | null;
  /** Bytes the feature cache on disk may take; the least recently used go first. */
  readonly featureCacheBytes: number;
  /** What methods learned from their references; a cache like the features. */
  readonly states: string;
  readonly stateCacheBytes: number;
  /** For every model; with `auto` main says for each one what it runs on, and the CPU is taken until it has. */
  readonly device: Device;
}

/** name -> request and reply. */
export interface EngineCalls
  extends IntakeCalls, ScoringCalls, EvaluationCalls, ModelCalls, BroughtCalls, DoctorCalls {
  open: { request: EngineOptions; reply: void };
}

export type EngineCall = keyof EngineCalls;

/** A person waits for an interactive call; a job can wait for it too. */
export type Urgency = 'interactive' | 'job';

export interface EngineRequestMessage<C extends EngineCall = EngineCall> {
  readonly id: number;
  readonly call: C;
  readonly request: EngineCalls[C]['request'];
  readonly urgency: Urgency;
}

/** Asks the engine to give up a call; the call is still answered. */
export interface EngineCancelMessage {
  readonly cancel: number;
}

export type ToEngine = EngineRequestMessage | EngineCancelMessage | { readonly ask: 'alive' };

/** How far a call has come. */
export interface CallProgress {
  /** 0 .. 1 */
  readonly share: number;
  /** What it is busy with, as a person reads it. */
  readonly activity: string;
  /** Of a training: losses of all batches done. */
  readonly losses?: readonly LossPoint[];
}

export type FromEngine =
  | EngineReplyMessage
  | { readonly id: number; readonly progress: CallProgress }
  /** The answer to `ask`: a blocked process gives none. */
  | { readonly alive: true };

export type EngineReplyMessage =
  | { readonly id: number; readonly ok: true; readonly reply: unknown }
  | { readonly id: number; readonly ok: false; readonly kind: FailureKind; readonly message: string };
