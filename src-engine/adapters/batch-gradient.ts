import {
  type AdapterShape,
  type AdapterWeights,
  adaptText,
  type ForwardOptions,
  type LossOptions,
  textGradient,
  zeroWeights,
} from '#engine/methods/ad-dinov3/index.ts';
import type { LevelFeatures, TrainingSession } from './level-sessions.ts';

/** Images a run: fewer leave cores idle, more take memory and are slower. */
export const imagesARun = 4;

/** Some images of a batch. */
export interface ImageGroup {
  /** Index of each image's class among the text vectors. */
  readonly classes: readonly number[];
  /** images x height x width, 0 or 1. */
  readonly masks: Uint8Array;
  /** Features of one level, read when they are needed. */
  level(index: number): Promise<LevelFeatures>;
}

/** Losses of a batch: one entry a level, and the weighted sum. */
export interface BatchLosses {
  readonly focal: readonly number[];
  readonly dice: readonly number[];
  readonly calibrationFocal: readonly number[];
  readonly calibrationDice: readonly number[];
  readonly total: number;
}

export interface BatchGradient {
  readonly losses: BatchLosses;
  readonly gradients: AdapterWeights;
}

/**
 * Losses and gradients of a batch, summed over its groups and levels in this order, so that they repeat exactly.
 * @param text classes x 2 x dimension, as the text encoder gives them
 */
export async function batchGradient(
  session: TrainingSession,
  weights: AdapterWeights,
  shape: AdapterShape,
  text: Float32Array,
  groups: readonly ImageGroup[],
  forward: ForwardOptions,
  { textWeight, calibrationWeight }: LossOptions,
): Promise<BatchGradient> {
  const levels = weights.levels.length;
  const images = groups.reduce((sum, { classes }) => sum + classes.length, 0);
  const adapted = adaptText(text, shape.text, weights.text, forward);
  const ofUnit = new Float32Array(text.length);
  const gradients = zeroWeights(levels, shape);
  const losses = [0, 1, 2, 3].map(() => new Float64Array(levels));
  for (const group of groups) {
    const own = textOfImages(adapted.unit, shape.text, group.classes);
    for (let level = 0; level < levels; level++) {
      const features = await group.level(level);
      const gradient = await session.run(features, own, weights.levels[level]!, group.masks, 1 / images);
      addTo(gradients.levels[level]!.w1, gradient.w1);
      addTo(gradients.levels[level]!.w2, gradient.w2);
      for (const [row, index] of group.classes.entries()) {
        for (let i = 0; i < shape.text; i++) {
          const value = gradient.text[row * shape.text + i]!;
          const normal = 2 * index * shape.text + i;
          ofUnit[normal] = ofUnit[normal]! - value;
          ofUnit[normal + shape.text] = ofUnit[normal + shape.text]! + value;
        }
      }
      for (const [kind, value] of gradient.losses.entries()) {
        losses[kind]![level] = losses[kind]![level]! + value;
      }
    }
  }
  const ofText = textGradient(text, shape.text, weights.text, forward, adapted, ofUnit);
  const [focal, dice, calibrationFocal, calibrationDice] = losses.map((values) => [...values]) as [
    number[],
    number[],
    number[],
    number[],
  ];
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const total =
    textWeight * (sum(focal) + sum(dice)) +
    calibrationWeight * (sum(calibrationFocal) + sum(calibrationDice));
  return {
    losses: { focal, dice, calibrationFocal, calibrationDice, total },
    gradients: { levels: gradients.levels, text: ofText },
  };
}

/** The two text vectors of each image's class: images x 2 x dimension. */
export function textOfImages(
  unit: Float32Array,
  dimension: number,
  classes: readonly number[],
): Float32Array {
  const own = new Float32Array(classes.length * 2 * dimension);
  for (const [row, index] of classes.entries()) {
    own.set(unit.subarray(index * 2 * dimension, (index + 1) * 2 * dimension), row * 2 * dimension);
  }
  return own;
}

function addTo(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = sum[i]! + values[i]!;
}
