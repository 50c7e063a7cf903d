/**
 * The forward pass of one level (AD-DINOv3 eq. 2 to 5): two layers, cosine to the two text vectors of the image's class
 * and to its CLS. In the folded form the adapted patches y = h W2^T are never made: with K = W2^T W2 their norms are
 * sqrt(h K h) and their products with a vector t are h (W2^T t), which is 1.7 times less work.
 */

import { type AdapterShape, type ForwardOptions, SMALLEST_NORM } from '#engine/methods/ad-dinov3/index.ts';
import type { Value } from '../../models/onnx/graph.ts';
import type { Expressions } from './expressions.ts';

export interface LevelSize extends AdapterShape {
  readonly rows: number;
  readonly columns: number;
}

/** B images of N patches. */
export interface LevelInputs {
  /** B N x image */
  readonly patches: Value;
  /** B x image */
  readonly cls: Value;
  /** B x 2 x text, unit vectors: normal, abnormal. */
  readonly text: Value;
  readonly w1: Value;
  readonly w2: Value;
}

/** An adapted vector and what its gradient needs. */
export interface Adapted {
  readonly beforeHidden: Value;
  readonly hidden: Value;
  readonly beforeOutput: Value;
  readonly adapted: Value;
  readonly norm: Value;
  readonly unit: Value;
}

export interface Forward {
  readonly beforeHidden: Value;
  readonly hidden: Value;
  /** B N x 1 */
  readonly norm: Value;
  readonly cls: Adapted;
  /** B x N x 1: cosines to normal, abnormal and CLS. */
  readonly cosines: readonly [Value, Value, Value];
  /** B x N x 1: probability of abnormal; calibration by CLS. */
  readonly probability: Value;
  readonly calibration: Value;
  readonly form:
    | { readonly kind: 'folded'; readonly hiddenK: Value; readonly projected: Value }
    | { readonly kind: 'plain'; readonly patches: Adapted };
}

/** Whether the shorter form gives the same numbers. */
export const canFold = ({ activatesOutput, imageResidual }: ForwardOptions): boolean =>
  !activatesOutput && imageResidual === 1;

const lengthOf = ({ max, root, sum, multiply }: Expressions, x: Value): Value =>
  max(root(sum(multiply(x, x), 1)), SMALLEST_NORM);

/** Rows through both layers, residual and normalisation included. */
function adapt(
  on: Expressions,
  x: Value,
  { w1, w2 }: LevelInputs,
  { slope, activatesOutput, imageResidual: share }: ForwardOptions,
): Adapted {
  const beforeHidden = on.timesTransposed(x, w1);
  const hidden = on.leakyRelu(beforeHidden, slope);
  const beforeOutput = on.timesTransposed(hidden, w2);
  const output = activatesOutput ? on.leakyRelu(beforeOutput, slope) : beforeOutput;
  const adapted = share === 1 ? output : on.add(on.multiply(x, 1 - share), on.multiply(output, share));
  const norm = lengthOf(on, adapted);
  return { beforeHidden, hidden, beforeOutput, adapted, norm, unit: on.divide(adapted, norm) };
}

export function forward(
  on: Expressions,
  size: LevelSize,
  inputs: LevelInputs,
  options: ForwardOptions,
  folds = canFold(options),
): Forward {
  const patches = size.rows * size.columns;
  const cls = adapt(on, inputs.cls, inputs, options);
  const directions = on.join(1, inputs.text, on.reshape(cls.unit, -1, 1, size.text));
  const plain = folds ? undefined : adapt(on, inputs.patches, inputs, options);
  const folded = folds ? fold(on, size, inputs, directions, options) : undefined;
  const cosineTriples = folded
    ? folded.cosines
    : on.times(on.reshape(plain!.unit, -1, patches, size.text), on.transposed(directions));
  const [normal, abnormal, ofCls] = on.split(cosineTriples, 2, 3) as [Value, Value, Value];
  const { logitScale, calibrationScale } = options;
  const { beforeHidden, hidden, norm } = folded ?? plain!;
  return {
    beforeHidden,
    hidden,
    norm,
    cls,
    cosines: [normal, abnormal, ofCls],
    probability: on.sigmoid(on.multiply(on.subtract(abnormal, normal), logitScale)),
    calibration: on.sigmoid(on.multiply(ofCls, calibrationScale)),
    form: folded
      ? { kind: 'folded', hiddenK: folded.hiddenK, projected: folded.projected }
      : { kind: 'plain', patches: plain! },
  };
}

function fold(
  on: Expressions,
  { rows, columns, bottleneck }: LevelSize,
  { patches: x, w1, w2 }: LevelInputs,
  directions: Value,
  { slope }: ForwardOptions,
) {
  const patches = rows * columns;
  const beforeHidden = on.timesTransposed(x, w1);
  const hidden = on.leakyRelu(beforeHidden, slope);
  const hiddenK = on.times(hidden, on.transposedTimes(w2, w2));
  const squares = on.sum(on.multiply(hidden, hiddenK), 1);
  const norm = on.max(on.root(on.max(squares, 0)), SMALLEST_NORM);
  /** B x 3 x bottleneck */
  const projected = on.times(directions, w2);
  const products = on.times(on.reshape(hidden, -1, patches, bottleneck), on.transposed(projected));
  const cosines = on.divide(products, on.reshape(norm, -1, patches, 1));
  return { beforeHidden, hidden, hiddenK, norm, projected, cosines };
}
