/** Adapters of AD-DINOv3: what is asked of a training, what one is, and what is known of it. */
import { z } from 'zod';
import { JobId, type PixelsInfo, StudyId } from './domain.ts';
import type { Truth } from './engine-protocol.ts';
import { ClassName, PromptList } from './prompts.ts';

/** Losses of one batch, each summed over the levels, and their weighted sum. */
export const LossPoint = z.object({
  focal: z.number(),
  dice: z.number(),
  calibrationFocal: z.number(),
  calibrationDice: z.number(),
  total: z.number(),
});
export type LossPoint = z.infer<typeof LossPoint>;

/** `quarters`: the paper's four levels at 1/4 to 4/4 of the depth; `last`: the ablation. */
export const LevelChoice = z.enum(['quarters', 'last']);
export type LevelChoice = z.infer<typeof LevelChoice>;

/**
 * Layers whose features are the levels of an encoder, counted from 1; none stands for one level, the model's own output.
 * A ViT of fewer than four blocks has one level a block. Stages of a ConvNeXt differ in grid and width, and an extractor
 * without layers has nothing to choose: both have one level.
 */
export function levelLayers(
  { layers, family }: { readonly layers: number; readonly family: string },
  choice: LevelChoice,
): number[] {
  if (layers === 0 || family.includes('convnext')) return [];
  if (choice === 'last') return [layers];
  if (layers < 4) return Array.from({ length: layers }, (_, index) => index + 1);
  return [1, 2, 3, 4].map((quarter) => Math.round((quarter * layers) / 4));
}

/** Numbers of a forward pass; what each is, and where it comes from, is said in docs/methods.md. */
export const ForwardOptions = z.object({
  /** Of the LeakyReLU between the two layers. */
  slope: z.number(),
  /** LeakyReLU after the second layer too. */
  activatesOutput: z.boolean(),
  /** Share of the adapted vector: r in (1 - r) x + r Ada(x). Below 1 for images only where the widths agree. */
  imageResidual: z.number(),
  textResidual: z.number(),
  /** Factor of the cosines before the softmax over the two texts. */
  logitScale: z.number(),
  /** Factor of the cosine of CLS and patch before the sigmoid (anomaly-aware calibration). */
  calibrationScale: z.number(),
});
export type ForwardOptions = z.infer<typeof ForwardOptions>;

export const defaultForwardOptions: ForwardOptions = {
  slope: 0.01,
  activatesOutput: false,
  imageResidual: 1,
  textResidual: 0.1,
  logitScale: 100,
  calibrationScale: 10,
};

/** What a training does; defaults are the paper's. */
export const TrainingSettings = z.object({
  model: z.string(),
  /** Name of the text encoder. */
  text: z.string(),
  /** Edge of the images in pixels, a multiple of the model's patch; the loss is taken at this size. */
  size: z.int().min(32).max(1024).default(512),
  levels: LevelChoice.default('quarters'),
  /** Whether the loss of the CLS maps takes part (anomaly-aware calibration). */
  calibration: z.boolean().default(true),
  epochs: z.int().min(1).max(200).default(10),
  batch: z.int().min(1).max(256).default(64),
  learningRate: z.number().positive().max(1).default(1e-4),
  bottleneck: z.int().min(4).max(1024).default(256),
  seed: z.int().min(0).default(0),
});
export type TrainingSettings = z.infer<typeof TrainingSettings>;

/** What people ask for. */
export const TrainingRequest = TrainingSettings.extend({
  /** The auxiliary studies: their query images with known ground truth are trained on. */
  studies: z.array(StudyId).min(1),
  /** A study the adapter is meant for: refused when anything of it is in the auxiliary ones. */
  target: StudyId.nullable().default(null),
  /** Name in the list of adapters. */
  name: z.string().trim().min(1).max(80),
});
export type TrainingRequest = z.infer<typeof TrainingRequest>;

/** Told before a training starts, so that a person can decide. */
export const TrainingEstimate = z.object({
  images: z.int(),
  abnormal: z.int(),
  batches: z.int(),
  layers: z.array(z.int()),
  /** Bytes the features take on disk while it trains, and bytes that are free there. */
  disk: z.number(),
  free: z.number(),
  /** Seconds for the features, and for the batches; null where nothing is known of the model's speed. */
  extraction: z.number().nullable(),
  training: z.number(),
});
export type TrainingEstimate = z.infer<typeof TrainingEstimate>;

/** Where a training stands. */
export const TrainingProgress = z.object({
  jobId: JobId,
  name: z.string(),
  batches: z.int(),
  epochs: z.int(),
  losses: z.array(LossPoint),
});
export type TrainingProgress = z.infer<typeof TrainingProgress>;

const sha256 = z.string().length(64);

/** All an adapter file says besides its weights. No dates and no places: the same training gives the same bytes. */
export const AdapterDescription = z.object({
  version: z.literal(1),
  image: z.object({
    name: z.string(),
    sha256,
    dimension: z.int().positive(),
    patch: z.int().positive(),
    layers: z.array(z.int().positive()),
  }),
  text: z.object({ name: z.string(), sha256, dimension: z.int().positive() }),
  forward: ForwardOptions,
  settings: TrainingSettings,
  /** What it was trained on. */
  classes: z.array(z.object({ name: ClassName, list: PromptList, images: z.int() })),
  /** SHA-256 of the pixels of every image it was trained on, sorted. */
  images: z.array(sha256),
  losses: z.array(LossPoint),
});
export type AdapterDescription = z.infer<typeof AdapterDescription>;

/** An adapter of the workspace, without the long lists. */
export const Adapter = z.object({
  sha256,
  name: z.string(),
  bytes: z.int(),
  addedAt: z.iso.datetime(),
  description: AdapterDescription.omit({ images: true }),
  trainedImages: z.int(),
});
export type Adapter = z.infer<typeof Adapter>;

/** An image to train on. */
export interface TrainingImage {
  readonly pixels: PixelsInfo;
  readonly truth: Truth;
  /** Index among the classes. */
  readonly class: number;
}

/** What the engine is asked to train: everything it needs, so that another engine can go on. */
export interface TrainingPlan {
  /** Holds features and the checkpoint while it trains. */
  readonly folder: string;
  /** The adapter file to write. */
  readonly target: string;
  readonly description: Omit<AdapterDescription, 'losses'>;
  readonly images: readonly TrainingImage[];
}

export interface WrittenAdapter {
  readonly sha256: string;
  readonly bytes: number;
  readonly description: AdapterDescription;
}
