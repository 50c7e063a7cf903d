/**
 * What main asks of the engine process, request by request. Messages are structured clones, so typed arrays
 * travel as they are. The engine keeps loaded sessions and caches and nothing else: every request says all it needs.
 */
import type { Acquisition, KeepOption, Plane, SampleWindow } from './acquisition.ts';
import type { PatchFeatures, PatchMask, ScoreMap } from './arrays.ts';
import type { ComputeDevice } from './devices.ts';
import type { Device, ImageId, Label, PixelsInfo, PixelStatistics, Scale, Scope, Spacing } from './domain.ts';
import type { Calibration } from './calibration.ts';
import type { Explanation, FeaturePictures } from './explanation.ts';
import type { DoctorCalls } from './doctor-protocol.ts';
import type { LossPoint, TrainingPlan, WrittenAdapter } from './adapter.ts';
import type { PromptList, Prompts } from './prompts.ts';
import type { FailureKind } from './errors.ts';
import type { BootstrapOptions, Comparison, Froc, Intervals } from './evaluation.ts';
import type { Agreement } from './agreement.ts';
import type { Verdict } from './reading.ts';
import type { ModelDescription, Precision } from './model-description.ts';
import type { Evaluation, ImageFigures, Match, StageTimes } from './results.ts';
import type { MapRule } from './full-map.ts';
import type { FeatureSettings } from './methods/index.ts';
import type { TextModelDescription } from './text-model.ts';
import type { RunSettings } from './settings.ts';

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

export interface IngestRequest {
  readonly path: string;
  /** Shown in errors instead of the path. */
  readonly name: string;
  /** Their union is the mask; none = no mask file. */
  readonly maskPaths: readonly string[];
  /** Which slice of the file; null where the file is a picture. */
  readonly slice: SlicePlan | null;
}

export interface IngestedImage {
  readonly pixels: PixelsInfo;
  readonly statistics: PixelStatistics;
  /** Null when there is no mask. The mask blob is uint8, 0 or 1, size of the image. */
  readonly maskSha256: string | null;
  /** There is a mask, and nothing in it. */
  readonly maskIsEmpty: boolean;
  /** Of a slice: as planned, with the rescale of the samples as they were stored. */
  readonly acquisition: Acquisition | null;
}

/** Who may be known: with a secret, patients and UIDs become keyed hashes and only what `keep` names stays. */
export interface IdentityRule {
  readonly secret: Uint8Array | null;
  readonly keep: readonly KeepOption[];
}

export type SliceSource =
  | { readonly kind: 'dicom'; readonly frame: number }
  | { readonly kind: 'nifti'; readonly plane: Plane; readonly slice: number; readonly volume: number };

export type SliceMask =
  /** Frames of DICOM segmentations that lie over the slice; none where they are known to hold nothing there. */
  | {
      readonly kind: 'segmentation';
      readonly frames: readonly { readonly path: string; readonly frame: number }[];
    }
  /** The same slice of a label volume: inside is above 0. */
  | { readonly kind: 'labels'; readonly path: string };

/** One slice of a series or volume, before it is decoded. */
export interface SlicePlan {
  readonly source: SliceSource;
  readonly mask: SliceMask | null;
  readonly patient: string | null;
  readonly spacing: Spacing | null;
  /** What models see, in values. */
  readonly window: SampleWindow | null;
  /** Samples are replaced by their values: the slices of the series have different slopes. */
  readonly asValues: boolean;
  readonly acquisition: Acquisition;
}

/** A DICOM series or NIfTI volume that was found; names and UIDs are hidden already where they are to be. */
export interface FoundSeries {
  readonly key: string;
  readonly kind: 'dicom' | 'nifti';
  readonly title: string;
  readonly modality: string | null;
  readonly patient: string | null;
  readonly rows: number;
  readonly columns: number;
  readonly plane: Plane | null;
  /** How many volumes a NIfTI file holds; 1 otherwise. */
  readonly volumes: number;
  readonly burnedIn: boolean;
  readonly warnings: readonly string[];
  readonly slices: readonly { readonly path: string; readonly name: string; readonly plan: SlicePlan }[];
}

export interface InspectSeriesRequest {
  readonly files: readonly { readonly path: string; readonly name: string }[];
  readonly identity: IdentityRule;
  /** Of volumes; DICOM slices are taken as they were acquired. */
  readonly plane: Plane;
  readonly volume: number;
}

export interface InspectedSeries {
  readonly series: readonly FoundSeries[];
  /** Files that are DICOM or NIfTI and cannot be used. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[];
  /** Files of other kinds. */
  readonly others: number;
}

/** An image as the methods need it. */
export interface EngineImage {
  readonly id: ImageId;
  readonly pixels: PixelsInfo;
}

/** The normal images a query is matched against; sent once, then named by its key. */
export interface ReferencePool {
  readonly key: string;
  readonly images: readonly EngineImage[];
}

export interface ScoreRequest {
  readonly query: EngineImage;
  readonly poolKey: string;
  readonly settings: RunSettings;
}

/** Raw outcome of a method on one image. */
export interface ScoredImage {
  /** Empty for methods that take all references together, or none. */
  readonly support: readonly Match[];
  /** Of every patch, masked or not; higher = more anomalous, in the unit of the method. */
  readonly scores: ScoreMap;
  /** 1 = the patch takes part. */
  readonly foreground: PatchMask;
  readonly imageScore: number;
  /** Empty for methods that do not cluster. */
  readonly clusterSizes: readonly number[];
  readonly milliseconds: StageTimes;
}

/** Ground truth with its blob, so that a drawn mask without pixels cannot be written down. */
export type Truth =
  | { readonly kind: 'drawn'; readonly sha256: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown' };

/** Ground truth, or what a reader drew (raw deflate of segment numbers) in its place. */
export type JudgedBy = Truth | { readonly kind: 'labels'; readonly labels: Uint8Array };

export interface EvaluationItem {
  readonly imageId: ImageId;
  readonly name: string;
  readonly label: 'normal' | 'abnormal' | 'unknown';
  /** What the bootstrap draws: images of one patient (or lot) are not independent. */
  readonly patient: string;
  readonly spacing: Spacing | null;
  readonly width: number;
  readonly height: number;
  readonly scores: ScoreMap;
  readonly foreground: PatchMask;
  readonly mapRule: MapRule;
  readonly imageScore: number;
  readonly truth: Truth;
}

/** What a reader said of an image. */
export interface ReaderOpinion {
  readonly verdict: Verdict | null;
  /** Raw deflate of uint8 segment numbers, size of the image; null where nothing was drawn. */
  readonly labels: Uint8Array | null;
}

/** One image that was read, with everything that can be compared on it. */
export interface AgreementItem {
  readonly width: number;
  readonly height: number;
  readonly label: Label;
  readonly truth: Truth;
  readonly machine: Pick<EvaluationItem, 'scores' | 'foreground' | 'mapRule' | 'imageScore'> | null;
  readonly blind: ReaderOpinion | null;
  readonly revealed: ReaderOpinion | null;
}

/** Scored images the engine was given part by part under a key, all `count` of them. */
export interface ScoredSet {
  readonly key: string;
  readonly count: number;
}

interface EvaluationRequest {
  readonly scale: Scale;
  readonly scope: Scope;
  /** False positive rate up to which AUPRO is taken. */
  readonly auproLimit: number;
}

/** Figures of maps and masks that people bring themselves. */
export type Measured = Pick<Evaluation, 'pixel' | 'image' | 'calibration' | 'curves'> & {
  readonly froc: Froc | null;
  readonly intervals: Intervals | null;
};

/** What features are taken from: an image file, or arrays that are already normalised. */
export type FeatureInput =
  | { readonly kind: 'image'; readonly path: string; readonly size: number }
  /** batch x 3 x height x width */
  | {
      readonly kind: 'tensor';
      readonly name: string;
      readonly shape: readonly number[];
      readonly data: Float32Array;
    };

export interface FeatureRequest {
  readonly model: string;
  readonly input: FeatureInput;
  /** Counted from 1, as people count blocks; null for the final output alone, which is always normed. */
  readonly layers: readonly number[] | null;
  /** Whether layers go through the model's final norm. */
  readonly normed: boolean;
}

/** float32, row-major. */
export interface FeatureArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Final output or layers of a batch. */
export interface FeatureArrays {
  /** batch x layers x rows x columns x dimension */
  readonly patches: FeatureArray;
  /** batch x layers x dimension */
  readonly cls: FeatureArray;
  /** batch x layers x registers x dimension; null for a model without registers. */
  readonly registers: FeatureArray | null;
}

/** Which part of a file: all of it, one frame or page, one slice of a volume. All are counted from 0. */
export type ArraySelection =
  | { readonly kind: 'all' }
  | { readonly kind: 'frame'; readonly frame: number }
  | { readonly kind: 'slice'; readonly plane: Plane; readonly slice: number; readonly volume: number };

/** An array in a file, in the words of NumPy; what `nidus pixels --json` prints. */
export interface ArrayDescription {
  readonly format: string;
  readonly shape: readonly number[];
  /** Of the array described: float32 for values, the type in the file for stored samples. */
  readonly dtype: string;
  /** Of the file, with its byte order, e.g. ">i2". */
  readonly disk_dtype: string;
  /** Over the finite samples of all channels, in double precision; null where there is none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  readonly non_finite: number;
  /** value = slope x stored + intercept; null where the frames have different ones, or a table instead. */
  readonly slope: number | null;
  readonly intercept: number | null;
  readonly unit: string | null;
  /** Millimetres: row and column of a picture or slice, i, j and k of a volume. */
  readonly spacing: readonly number[] | null;
  readonly spacing_source: string | null;
  /** NIfTI: voxel sizes of every dimension, and the directions in which i, j and k grow. */
  readonly zooms?: readonly number[];
  readonly axes?: string;
  /** The compression may have changed the pixels. */
  readonly lossy: boolean;
  /** Of the little-endian bytes, last index fastest. */
  readonly sha256_le: string;
  readonly notes: readonly string[];
}

export interface ReadArrayRequest {
  readonly path: string;
  /** Shown in errors instead of the path. */
  readonly name: string;
  /** Stored samples instead of values. */
  readonly stored: boolean;
  readonly selection: ArraySelection;
  /** Where to leave the array as .npy. */
  readonly out: string | null;
}

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

/** name -> request and reply. */
export interface EngineCalls extends DoctorCalls {
  open: { request: EngineOptions; reply: void };
  ingest: { request: IngestRequest; reply: IngestedImage };
  /** DICOM series and NIfTI volumes among files; nothing is stored. */
  'inspect-series': { request: InspectSeriesRequest; reply: InspectedSeries };
  /** The files of a ZIP archive into a new folder. */
  unpack: { request: { archive: string; name: string; target: string }; reply: void };
  'define-pool': { request: ReferencePool; reply: void };
  /** Features of one image into the cache. Reply: milliseconds, 0 when they were there. */
  prepare: {
    request: { image: EngineImage; features: FeatureSettings };
    reply: { decode: number; features: number };
  };
  match: {
    request: { query: EngineImage; poolKey: string; features: FeatureSettings; limit: number };
    reply: Match[];
  };
  /**
   * What a method learns from its references, into the cache, under a ticket that others ask about. Nothing to do for
   * methods that take their references anew for every query.
   */
  fit: { request: { ticket: string; poolKey: string; settings: RunSettings }; reply: void };
  /** Null when no such fit is under way. */
  'fit-progress': { request: { ticket: string }; reply: { done: number; total: number } | null };
  'cancel-fit': { request: { ticket: string }; reply: void };
  score: { request: ScoreRequest; reply: ScoredImage };
  explain: { request: ScoreRequest & { row: number; column: number }; reply: Explanation };
  'draw-features': { request: ScoreRequest; reply: FeaturePictures };
  /** Each image scored against the pool without it. Reply: null when nothing is left to compare with. */
  calibrate: {
    request: { images: EngineImage[]; poolKey: string; settings: RunSettings };
    reply: Calibration | null;
  };
  figures: {
    request: {
      scores: ScoreMap;
      foreground: PatchMask;
      mapRule: MapRule;
      width: number;
      height: number;
      truth: JudgedBy;
      scale: Scale;
      threshold: number;
    };
    reply: ImageFigures;
  };
  /** A part of a set; `from` items came before. Fails with 'engine-gone' when they are not there any more. */
  'add-scores': { request: { key: string; from: number; items: EvaluationItem[] }; reply: void };
  'drop-scores': { request: { key: string }; reply: void };
  evaluate: { request: EvaluationRequest & { set: ScoredSet }; reply: Omit<Evaluation, 'runId'> };
  froc: { request: { set: ScoredSet; scale: Scale; scope: Scope }; reply: Froc };
  bootstrap: {
    request: EvaluationRequest & { set: ScoredSet; options: BootstrapOptions };
    reply: Intervals;
  };
  /** Two sets over the same images in the same order. */
  compare: {
    request: EvaluationRequest & { sets: readonly [ScoredSet, ScoredSet]; options: BootstrapOptions };
    reply: Omit<Comparison, 'runs'>;
  };
  /** A reader against themselves, the machine and the ground truth; `thresholds` are raw scores. */
  agreement: {
    request: { items: AgreementItem[]; thresholds: Agreement['thresholds'] };
    reply: Pick<Agreement, 'pairs' | 'detection' | 'froc'>;
  };
  /** One segment of a label map (raw deflate) as an 8-bit PNG, 255 inside. */
  'mask-picture': {
    request: { labels: Uint8Array; width: number; height: number; segment: number };
    reply: Uint8Array;
  };
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
  /** A medical or picture file as an array, for people who go on with it elsewhere. */
  'read-array': { request: ReadArrayRequest; reply: ArrayDescription };
  /** Features for people who go on with them elsewhere. */
  'extract-features': { request: FeatureRequest; reply: FeatureArrays };
  /** A method on features that people bring themselves. */
  'score-features': {
    request: { support: PatchFeatures; foreground: PatchMask; query: PatchFeatures; k: number; seed: number };
    reply: { scores: ScoreMap; imageScore: number; clusterSizes: number[] };
  };
  /** A method that learns from references, on features that people bring. */
  'score-brought': {
    request: { references: PatchFeatures[]; queries: PatchFeatures[]; settings: RunSettings };
    reply: { scores: ScoreMap; foreground: PatchMask; imageScore: number }[];
  };
  /** Maps (.npy) against masks (.npy, .png) that people bring themselves. */
  measure: {
    request: {
      pairs: { map: string; mask: string }[];
      auproLimit: number;
      bootstrap: BootstrapOptions | null;
      withFroc: boolean;
    };
    reply: Measured;
  };
  /** Pictures for the report and `nidus map`. */
  'draw-panels': {
    request: {
      item: EvaluationItem;
      pixels: PixelsInfo;
      support: PixelsInfo | null;
      scale: Scale;
      threshold: number | null;
      encoding: 'png' | 'jpeg';
      /** Colour range of the map. */
      range: { low: number; high: number };
    };
    /** `map`: the anomaly map over the query; `truth`: the query with its ground truth outlined. */
    reply: { query: Uint8Array; support: Uint8Array | null; map: Uint8Array; truth: Uint8Array | null };
  };
  /** The colour map of the panels as a horizontal bar, JPEG. */
  'draw-colour-bar': { request: undefined; reply: Uint8Array };
}

export type EngineCall = keyof EngineCalls;

export interface EngineRequestMessage<C extends EngineCall = EngineCall> {
  readonly id: number;
  readonly call: C;
  readonly request: EngineCalls[C]['request'];
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
