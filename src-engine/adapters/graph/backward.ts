/** Gradients of one level from those of its two maps: through cosines, normalisation and both layers, by hand. */

import type { ForwardOptions, LossOptions } from '#engine/methods/ad-dinov3/index.ts';
import type { Value } from '../../models/onnx/graph.ts';
import type { Expressions } from './expressions.ts';
import type { Adapted, Forward, LevelInputs, LevelSize } from './forward.ts';

export interface Gradients {
  readonly w1: Value;
  readonly w2: Value;
  /** B x text: of the abnormal text vector; that of the normal one is its negative. */
  readonly text: Value;
}

/** Of the weights and of the vectors every patch was compared with. */
interface PatchGradients {
  readonly w1: Value;
  readonly w2: Value;
  /** B x text each. */
  readonly text: Value;
  readonly cls: Value;
}

export function backward(
  on: Expressions,
  size: LevelSize,
  inputs: LevelInputs,
  passed: Forward,
  ofProbability: Value,
  ofCalibration: Value,
  options: ForwardOptions,
  { textWeight, calibrationWeight }: LossOptions,
): Gradients {
  const { probability, calibration, cosines } = passed;
  const throughSigmoid = (gradient: Value, value: Value, factor: number): Value =>
    on.multiply(on.multiply(gradient, factor), on.multiply(value, on.subtract(1, value)));
  const alpha = throughSigmoid(ofProbability, probability, options.logitScale * textWeight);
  const beta = throughSigmoid(ofCalibration, calibration, options.calibrationScale * calibrationWeight);
  const [normal, abnormal, ofCls] = cosines;
  /** u . du, B x N x 1 */
  const radial = on.add(on.multiply(alpha, on.subtract(abnormal, normal)), on.multiply(beta, ofCls));
  const [textNormal, textAbnormal] = on.split(inputs.text, 1, 2) as [Value, Value];
  const difference = on.subtract(textAbnormal, textNormal);
  /** B x 2 x text: what alpha and beta pull a patch towards. */
  const pulls = on.join(1, difference, on.reshape(passed.cls.unit, -1, 1, size.text));
  const context = { on, size, inputs, passed, options, alpha, beta, radial, pulls };
  const ofPatches = passed.form.kind === 'folded' ? foldedPatches(context) : plainPatches(context);
  const ofClsPath = throughLayers(on, inputs, inputs.cls, passed.cls, ofPatches.cls, options);
  return {
    w1: on.add(ofPatches.w1, ofClsPath.w1),
    w2: on.add(ofPatches.w2, ofClsPath.w2),
    text: ofPatches.text,
  };
}

interface Context {
  readonly on: Expressions;
  readonly size: LevelSize;
  readonly inputs: LevelInputs;
  readonly passed: Forward;
  readonly options: ForwardOptions;
  readonly alpha: Value;
  readonly beta: Value;
  readonly radial: Value;
  readonly pulls: Value;
}

function foldedPatches({
  on,
  size,
  inputs,
  passed,
  options,
  alpha,
  beta,
  radial,
  pulls,
}: Context): PatchGradients {
  const { form, hidden, beforeHidden } = passed;
  if (form.kind !== 'folded') throw new TypeError('not the folded form');
  const patches = size.rows * size.columns;
  const { bottleneck, text } = size;
  const { w2, patches: x } = inputs;
  const norm = on.reshape(passed.norm, -1, patches, 1);
  /** B x N x 2 */
  const strengths = on.divide(on.join(2, alpha, beta), norm);
  const inward = on.reshape(on.divide(radial, on.multiply(norm, norm)), -1, 1);
  const hiddenOfImage = on.reshape(hidden, -1, patches, bottleneck);
  /** B x 2 x bottleneck: hidden vectors summed with the strengths. */
  const sums = on.times(on.transposed(strengths), hiddenOfImage);
  const [projectedNormal, projectedAbnormal, projectedCls] = on.split(form.projected, 1, 3) as [
    Value,
    Value,
    Value,
  ];
  const projectedPulls = on.join(1, on.subtract(projectedAbnormal, projectedNormal), projectedCls);
  const outward = on.reshape(on.times(strengths, projectedPulls), -1, bottleneck);
  const ofHidden = on.subtract(outward, on.multiply(inward, form.hiddenK));
  const ofBefore = on.multiply(ofHidden, on.leakySlope(beforeHidden, options.slope));
  const [sumAlpha, sumBeta] = on.split(sums, 1, 2) as [Value, Value];
  const back = (of: Value): Value => on.timesTransposed(on.reshape(of, -1, bottleneck), w2);
  const inner = on.transposedTimes(on.multiply(hidden, inward), hidden);
  return {
    w1: on.transposedTimes(ofBefore, x),
    w2: on.subtract(
      on.transposedTimes(on.reshape(pulls, -1, text), on.reshape(sums, -1, bottleneck)),
      on.times(w2, inner),
    ),
    text: back(sumAlpha),
    cls: back(sumBeta),
  };
}

function plainPatches({
  on,
  size,
  inputs,
  passed,
  options,
  alpha,
  beta,
  radial,
  pulls,
}: Context): PatchGradients {
  const { form } = passed;
  if (form.kind !== 'plain') throw new TypeError('not the plain form');
  const patches = size.rows * size.columns;
  const unit = on.reshape(form.patches.unit, -1, patches, size.text);
  const strengths = on.join(2, alpha, beta);
  const ofUnit = on.reshape(on.times(strengths, pulls), -1, size.text);
  const sums = on.times(on.transposed(strengths), unit);
  const [text, cls] = on.split(sums, 1, 2).map((of) => on.reshape(of, -1, size.text)) as [Value, Value];
  const ofAdapted = on.divide(
    on.subtract(ofUnit, on.multiply(form.patches.unit, on.reshape(radial, -1, 1))),
    form.patches.norm,
  );
  return { ...layersGradient(on, inputs, inputs.patches, form.patches, ofAdapted, options), text, cls };
}

/** From the gradient of a unit vector. */
function throughLayers(
  on: Expressions,
  inputs: LevelInputs,
  x: Value,
  adapted: Adapted,
  ofUnit: Value,
  options: ForwardOptions,
): { w1: Value; w2: Value } {
  const along = on.sum(on.multiply(adapted.unit, ofUnit), 1);
  const ofAdapted = on.divide(on.subtract(ofUnit, on.multiply(adapted.unit, along)), adapted.norm);
  return layersGradient(on, inputs, x, adapted, ofAdapted, options);
}

/** From the gradient of an adapted vector before its normalisation. */
function layersGradient(
  on: Expressions,
  { w2 }: LevelInputs,
  x: Value,
  { beforeHidden, hidden, beforeOutput }: Adapted,
  ofAdapted: Value,
  { slope, activatesOutput, imageResidual: share }: ForwardOptions,
): { w1: Value; w2: Value } {
  const shared = share === 1 ? ofAdapted : on.multiply(ofAdapted, share);
  const ofOutput = activatesOutput ? on.multiply(shared, on.leakySlope(beforeOutput, slope)) : shared;
  const ofBefore = on.multiply(on.times(ofOutput, w2), on.leakySlope(beforeHidden, slope));
  return { w1: on.transposedTimes(ofBefore, x), w2: on.transposedTimes(ofOutput, hidden) };
}
