import { createHash } from 'node:crypto';
import type { LossPoint, TrainingPlan, WrittenAdapter } from '#shared/adapter.ts';
import type { Device } from '#shared/domain.ts';
import {
  adamStep,
  defaultAdam,
  defaultLoss,
  initialWeights,
  parametersOf,
  zeroMoments,
} from '#engine/methods/ad-dinov3/index.ts';
import { type CallContext, throwIfCancelled } from '../../calls/context.ts';
import { levelCount, shapeOf, writeAdapter } from '../adapter-file.ts';
import { batchGradient, type BatchLosses, type ImageGroup, imagesARun } from '../batch-gradient.ts';
import { openTrainingSession } from '../level-sessions.ts';
import { loadStanding, saveStanding, type Standing } from './checkpoint.ts';
import type { FeatureFolder, FeatureSize } from './feature-folder.ts';
import { batchesOf } from './order.ts';

export interface TrainingContext extends Pick<CallContext, 'signal'> {
  readonly device: Device;
  /** After every batch, and once at the beginning: losses of all batches done. */
  onBatch(losses: readonly LossPoint[]): void;
}

/** Batches of a whole training. */
export const batchCount = (images: number, batch: number, epochs: number): number =>
  epochs * Math.ceil(images / batch);

/**
 * Trains from wherever the checkpoint stands and writes the adapter. The checkpoint is written after every batch, so a
 * killed training repeats at most the batch it was in, with the same numbers.
 * @param text classes x 2 x dimension, as the text encoder gives them
 * @throws Failure `cancelled`
 */
export async function train(
  { folder, target, description, images }: TrainingPlan,
  text: Float32Array,
  features: FeatureFolder,
  size: FeatureSize,
  { signal, device, onBatch }: TrainingContext,
): Promise<WrittenAdapter> {
  const { settings, forward } = description;
  const shape = shapeOf(description);
  const losses = { ...defaultLoss, calibrationWeight: settings.calibration ? 1 : 0 };
  const plan = hashOf({ description, classes: images.map((image) => image.class), text: [...text] });
  const start = initialWeights(levelCount(description), shape, settings.seed);
  let standing: Standing = (await loadStanding(folder, plan, start)) ?? {
    weights: start,
    moments: zeroMoments(parametersOf(start)),
    losses: [],
  };
  const mask = { height: size.maskEdge, width: size.maskEdge };
  const session = await openTrainingSession({ ...shape, ...size }, mask, forward, losses, device);
  const adam = { ...defaultAdam, learningRate: settings.learningRate };
  const perEpoch = Math.ceil(images.length / settings.batch);
  try {
    onBatch(standing.losses);
    for (let position = standing.losses.length; position < settings.epochs * perEpoch; position++) {
      const epoch = Math.floor(position / perEpoch);
      const batch = batchesOf(images.length, settings.batch, settings.seed, epoch)[position % perEpoch]!;
      const groups = await Promise.all(
        groupsOf(batch).map(async (group): Promise<ImageGroup> => ({
          classes: group.map((index) => images[index]!.class),
          masks: await features.masks(group),
          level(level) {
            throwIfCancelled(signal);
            return features.level(group, level);
          },
        })),
      );
      const { weights, moments } = standing;
      const gradient = await batchGradient(session, weights, shape, text, groups, forward, losses);
      adamStep(parametersOf(weights), parametersOf(gradient.gradients), moments, position + 1, adam);
      standing = { weights, moments, losses: [...standing.losses, pointOf(gradient.losses)] };
      await saveStanding(folder, plan, standing);
      onBatch(standing.losses);
    }
  } finally {
    await session.release();
  }
  return writeAdapter(target, { ...description, losses: [...standing.losses] }, standing.weights);
}

const groupsOf = (batch: readonly number[]): number[][] =>
  Array.from({ length: Math.ceil(batch.length / imagesARun) }, (_, index) =>
    batch.slice(index * imagesARun, (index + 1) * imagesARun),
  );

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const pointOf = ({ focal, dice, calibrationFocal, calibrationDice, total }: BatchLosses): LossPoint => ({
  focal: sum(focal),
  dice: sum(dice),
  calibrationFocal: sum(calibrationFocal),
  calibrationDice: sum(calibrationDice),
  total,
});

const hashOf = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex');
