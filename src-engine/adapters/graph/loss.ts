/** Focal and Dice loss of a map against masks, with their gradient on the patch grid (reference: VAND-APRIL-GAN loss.py). */

import type { LossOptions } from '#engine/methods/ad-dinov3/index.ts';
import type { Value } from '../../models/onnx/graph.ts';
import type { Expressions } from './expressions.ts';
import type { LevelSize } from './forward.ts';

export interface MaskSize {
  readonly height: number;
  readonly width: number;
}

export interface Loss {
  /** Shares of this run in the batch's mean: scalars. */
  readonly focal: Value;
  readonly dice: Value;
  /** B x N x 1 */
  readonly gradient: Value;
}

/**
 * Bilinear weights of one axis, `size` x `grid`: half-pixel centres, clamped at the edge.
 */
export function bilinearWeights(grid: number, size: number): Float32Array {
  const weights = new Float32Array(size * grid);
  for (let i = 0; i < size; i++) {
    const source = Math.min(Math.max(((i + 0.5) * grid) / size - 0.5, 0), grid - 1);
    const low = Math.floor(source);
    const high = Math.min(low + 1, grid - 1);
    const at = (column: number): number => i * grid + column;
    weights[at(low)] = weights[at(low)]! + (1 - (source - low));
    weights[at(high)] = weights[at(high)]! + (source - low);
  }
  return weights;
}

const transpose = (values: Float32Array, rows: number, columns: number): Float32Array =>
  values.map((_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);

/**
 * Losses of maps against the masks of a run.
 * @param masks uint8 [B, height, width]
 * @param share 1 / images of the whole batch: losses and gradients of its runs add up
 */
export function lossOf(
  on: Expressions,
  { rows, columns }: LevelSize,
  { height, width }: MaskSize,
  masks: Value,
  share: Value,
  { gamma, focalSmooth, diceSmooth }: LossOptions,
) {
  const [down, across] = [bilinearWeights(rows, height), bilinearWeights(columns, width)];
  const upRows = on.constant([height, rows], down);
  const upColumns = on.constant([columns, width], transpose(across, width, columns));
  const downRows = on.constant([rows, height], transpose(down, height, rows));
  const downColumns = on.constant([width, columns], across);

  const truth = on.toFloat(masks);
  const truthSum = on.sum(truth, 1, 2);
  const confidence = 1 - 2 * focalSmooth;
  // z = w M + (1 - w)(1 - M) + e with w = 1 - e where the mask is set and e elsewhere.
  const slope = on.multiply(on.subtract(on.multiply(truth, 2), 1), confidence);
  const offset = on.subtract(1, on.multiply(truth, confidence));
  const perPixel = on.multiply(share, 1 / (height * width));

  return (probability: Value): Loss => {
    const grid = on.reshape(probability, -1, rows, columns);
    const map = on.times(on.times(upRows, grid), upColumns);
    const z = on.add(on.multiply(slope, map), offset);
    const log = on.log(z);
    const rest = on.max(on.subtract(1, z), gamma === 2 ? 0 : 1e-12);
    const [power, lower] =
      gamma === 2
        ? [on.multiply(rest, rest), on.multiply(rest, 2)]
        : [on.power(rest, gamma), on.multiply(on.power(rest, gamma - 1), gamma)];
    const focal = on.multiply(on.multiply(on.sum(on.multiply(power, log)), perPixel), -1);
    const ofFocal = on.multiply(
      slope,
      on.multiply(on.subtract(on.multiply(lower, log), on.divide(power, z)), perPixel),
    );

    const overlap = on.add(on.multiply(on.sum(on.multiply(map, truth), 1, 2), 2), diceSmooth);
    const total = on.add(on.add(on.sum(map, 1, 2), truthSum), diceSmooth);
    const ratio = on.divide(overlap, total);
    const dice = on.multiply(on.sum(on.subtract(1, ratio)), share);
    const ofDice = on.multiply(
      on.subtract(on.divide(ratio, total), on.divide(on.multiply(truth, 2), total)),
      share,
    );

    const ofMap = on.add(ofFocal, ofDice);
    const ofGrid = on.times(on.times(downRows, ofMap), downColumns);
    return { focal, dice, gradient: on.reshape(ofGrid, -1, rows * columns, 1) };
  };
}
