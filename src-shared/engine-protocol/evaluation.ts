/** What is asked of scores that are there: figures, comparisons, pictures. */
import type { Agreement } from '../agreement.ts';
import type { PatchMask, ScoreMap } from '../arrays.ts';
import type { ImageId, Label, PixelsInfo, Scale, Scope, Spacing } from '../domain.ts';
import type { BootstrapOptions, Comparison, Froc, Intervals } from '../evaluation.ts';
import type { MapRule } from '../full-map.ts';
import type { Verdict } from '../reading.ts';
import type { Evaluation, ImageFigures } from '../results.ts';

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

export interface EvaluationCalls {
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
