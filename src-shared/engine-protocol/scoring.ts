/** What is asked of the methods: features, references, scores and their reasons. */
import type { PatchMask, ScoreMap } from '../arrays.ts';
import type { Calibration } from '../calibration.ts';
import type { ImageId, PixelsInfo } from '../domain.ts';
import type { Explanation, FeaturePictures } from '../explanation.ts';
import type { FeatureSettings } from '../methods/index.ts';
import type { Match, StageTimes } from '../results.ts';
import type { RunSettings } from '../settings.ts';

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

export interface ScoringCalls {
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
}
