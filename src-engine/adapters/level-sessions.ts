import { type InferenceSession, Tensor } from 'onnxruntime-node';
import type { Device } from '#shared/domain.ts';
import type { ForwardOptions, LossOptions, TwoLayers } from '#engine/methods/ad-dinov3/index.ts';
import { loadSession } from '../models/session.ts';
import { oneAtATime } from '../turns.ts';
import { canFold, type LevelSize } from './graph/forward.ts';
import { scoringGraph, trainingGraph } from './graph/level-graphs.ts';
import type { MaskSize } from './graph/loss.ts';

/** Some images of one level. */
export interface LevelFeatures {
  readonly images: number;
  /** images x patches x dimension */
  readonly patches: Float32Array;
  /** images x dimension */
  readonly cls: Float32Array;
}

export interface LevelGradients extends TwoLayers {
  /** images x text: of the abnormal text vector of each image's class. */
  readonly text: Float32Array;
  /** Focal and Dice of the text maps, focal and Dice of the CLS maps. */
  readonly losses: readonly [number, number, number, number];
}

export interface TrainingSession {
  /** @param text images x 2 x text: unit vectors of each image's class  @param share 1 / images of the batch */
  run(
    features: LevelFeatures,
    text: Float32Array,
    weights: TwoLayers,
    masks: Uint8Array,
    share: number,
  ): Promise<LevelGradients>;
  release(): Promise<void>;
}

function feedsOf(
  size: LevelSize,
  { images, patches, cls }: LevelFeatures,
  text: Float32Array,
  { w1, w2 }: TwoLayers,
) {
  const { image, text: dimension, bottleneck, rows, columns } = size;
  return {
    patches: new Tensor('float32', patches, [images * rows * columns, image]),
    cls: new Tensor('float32', cls, [images, image]),
    text: new Tensor('float32', text, [images, 2, dimension]),
    w1: new Tensor('float32', w1, [bottleneck, image]),
    w2: new Tensor('float32', w2, [dimension, bottleneck]),
  };
}

/** The forward and backward pass of levels of one size, for the whole of a training: weights are inputs. */
export async function openTrainingSession(
  size: LevelSize,
  mask: MaskSize,
  options: ForwardOptions,
  losses: LossOptions,
  device: Device,
): Promise<TrainingSession> {
  const bytes = trainingGraph(size, mask, options, losses, canFold(options));
  const session = await loadSession(bytes, device);
  return {
    async run(features, text, weights, masks, share) {
      const feeds = {
        ...feedsOf(size, features, text, weights),
        masks: new Tensor('uint8', masks, [features.images, mask.height, mask.width]),
        share: new Tensor('float32', Float32Array.of(share), []),
      };
      const results = await oneAtATime(() => session.run(feeds));
      const floats = (name: string) => results[name]!.data as Float32Array;
      const [focal = NaN, dice = NaN, focalCls = NaN, diceCls = NaN] = floats('losses');
      return {
        w1: floats('ofW1'),
        w2: floats('ofW2'),
        text: floats('ofText'),
        losses: [focal, dice, focalCls, diceCls],
      };
    },
    release: () => session.release(),
  };
}

export interface ScoringSession {
  /** Outputs of a level by name; see `scoringGraph`. */
  run(
    features: LevelFeatures,
    text: Float32Array,
    weights: TwoLayers,
    outputs: readonly string[],
  ): Promise<ReadonlyMap<string, Float32Array>>;
  release(): Promise<void>;
}

export async function openScoringSession(
  size: LevelSize,
  options: ForwardOptions,
  device: Device,
  folds = canFold(options),
): Promise<ScoringSession> {
  const session: InferenceSession = await loadSession(scoringGraph(size, options, folds), device);
  return {
    async run(features, text, weights, outputs) {
      const results = await oneAtATime(() => session.run(feedsOf(size, features, text, weights), outputs));
      return new Map(outputs.map((name) => [name, results[name]!.data as Float32Array]));
    },
    release: () => session.release(),
  };
}
