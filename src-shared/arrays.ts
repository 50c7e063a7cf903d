/**
 * Arrays with a shape. The pure cores (`src-engine/methods`, `src-engine/metrics`) and the viewer
 * speak in these; nothing here knows of files, databases or windows.
 */
import type { SampleWindow } from './acquisition.ts';

/** Decoded pixels, row-major, channels interleaved, exactly as stored in the file (never windowed or rescaled). */
export interface PixelArray {
  readonly width: number;
  readonly height: number;
  /** 1 = grey, 3 = RGB. Alpha is dropped, palettes are expanded at decoding. */
  readonly channels: 1 | 3;
  /** Significant bits a sample: 1, 8, 10, 12, 16 or 32 (float). */
  readonly bits: number;
  readonly data: Uint8Array | Uint16Array | Int16Array | Float32Array;
  /** The range that models, foregrounds and thumbnails see; without one the samples themselves decide. */
  readonly window?: SampleWindow;
}

/** Binary mask over an image: 0 = outside, 1 = inside; row-major. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** One number a patch (or a pixel): similarity map, anomaly map, ... Row-major, rows x columns. */
export interface ScoreMap {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** 1 = the patch counts (foreground), 0 = it does not. Row-major, rows x columns. */
export interface PatchMask {
  readonly rows: number;
  readonly columns: number;
  readonly data: Uint8Array;
}

/** Patch features of one image: rows x columns x dimension, row-major, not normalised. */
export interface PatchFeatures {
  readonly rows: number;
  readonly columns: number;
  readonly dimension: number;
  readonly data: Float32Array;
}
