/** What is asked for people who bring their own arrays and files, and go on with the answer elsewhere. */
import type { Plane } from '../acquisition.ts';
import type { PatchFeatures, PatchMask, ScoreMap } from '../arrays.ts';
import type { BootstrapOptions, Froc, Intervals } from '../evaluation.ts';
import type { Evaluation } from '../results.ts';
import type { RunSettings } from '../settings.ts';

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

export interface BroughtCalls {
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
}
