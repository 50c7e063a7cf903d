import type { ForwardOptions } from '#shared/adapter.ts';

export type { ForwardOptions };

/** What an adapter of AD-DINOv3 (arXiv 2509.14084) is and how it is trained; see docs/methods.md for what the paper leaves open. */

export interface LossOptions {
  readonly gamma: number;
  readonly focalSmooth: number;
  readonly diceSmooth: number;
  /** Weight of the losses of the text maps and of the CLS maps. */
  readonly textWeight: number;
  readonly calibrationWeight: number;
}

export interface AdapterShape {
  /** Values of a patch feature, of a text vector, and between the two layers. */
  readonly image: number;
  readonly text: number;
  readonly bottleneck: number;
}

export const defaultLoss: LossOptions = {
  gamma: 2,
  focalSmooth: 1e-5,
  diceSmooth: 1,
  textWeight: 1,
  calibrationWeight: 1,
};

/** A norm below this counts as this: a zero vector has cosine 0 with everything. */
export const SMALLEST_NORM = 1e-12;
