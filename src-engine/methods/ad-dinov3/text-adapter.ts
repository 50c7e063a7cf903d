import { type ForwardOptions, SMALLEST_NORM } from './options.ts';
import type { TwoLayers } from './weights.ts';

/** The text vectors of classes through the text adapter, with what its gradient needs. */
export interface AdaptedText {
  /** rows x dimension, before normalisation. */
  readonly adapted: Float32Array;
  /** The same, every row of length 1. */
  readonly unit: Float32Array;
  readonly hidden: Float32Array;
  readonly before: { readonly hidden: Float32Array; readonly output: Float32Array };
  readonly norms: Float32Array;
}

type TextOptions = Pick<ForwardOptions, 'slope' | 'activatesOutput' | 'textResidual'>;

/** rows x inputs times (outputs x inputs) transposed. */
function timesTransposed(x: Float32Array, w: Float32Array, inputs: number, outputs: number): Float32Array {
  const rows = x.length / inputs;
  const result = new Float32Array(rows * outputs);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      let sum = 0;
      for (let i = 0; i < inputs; i++) sum += x[row * inputs + i]! * w[output * inputs + i]!;
      result[row * outputs + output] = sum;
    }
  }
  return result;
}

/** rows x outputs times outputs x inputs. */
function times(x: Float32Array, w: Float32Array, outputs: number, inputs: number): Float32Array {
  const rows = x.length / outputs;
  const result = new Float32Array(rows * inputs);
  for (let row = 0; row < rows; row++) {
    for (let output = 0; output < outputs; output++) {
      const factor = x[row * outputs + output]!;
      for (let i = 0; i < inputs; i++) {
        result[row * inputs + i] = result[row * inputs + i]! + factor * w[output * inputs + i]!;
      }
    }
  }
  return result;
}

/** Sum over rows of the outer products of `a` (rows x outputs) and `b` (rows x inputs). */
function outer(a: Float32Array, b: Float32Array, outputs: number, inputs: number): Float32Array {
  const result = new Float32Array(outputs * inputs);
  for (let row = 0; row < a.length / outputs; row++) {
    for (let output = 0; output < outputs; output++) {
      const factor = a[row * outputs + output]!;
      for (let i = 0; i < inputs; i++) {
        const at = output * inputs + i;
        result[at] = result[at]! + factor * b[row * inputs + i]!;
      }
    }
  }
  return result;
}

const leaky = (x: Float32Array, slope: number): Float32Array =>
  x.map((value) => (value > 0 ? value : slope * value));

const leakyGradient = (gradient: Float32Array, before: Float32Array, slope: number): Float32Array =>
  gradient.map((value, i) => (before[i]! > 0 ? value : slope * value));

/** (1 - r) t + r Ada(t), and its direction; `text` is rows x `dimension`. */
export function adaptText(
  text: Float32Array,
  dimension: number,
  { w1, w2 }: TwoLayers,
  { slope, activatesOutput, textResidual: share }: TextOptions,
): AdaptedText {
  const bottleneck = w1.length / dimension;
  const beforeHidden = timesTransposed(text, w1, dimension, bottleneck);
  const hidden = leaky(beforeHidden, slope);
  const beforeOutput = timesTransposed(hidden, w2, bottleneck, dimension);
  const output = activatesOutput ? leaky(beforeOutput, slope) : beforeOutput;
  const adapted = text.map((value, i) => (1 - share) * value + share * output[i]!);
  const norms = new Float32Array(text.length / dimension);
  for (let row = 0; row < norms.length; row++) {
    let squares = 0;
    for (let i = row * dimension; i < (row + 1) * dimension; i++) squares += adapted[i]! ** 2;
    norms[row] = Math.max(Math.sqrt(squares), SMALLEST_NORM);
  }
  const unit = adapted.map((value, i) => value / norms[Math.floor(i / dimension)]!);
  return { adapted, unit, hidden, norms, before: { hidden: beforeHidden, output: beforeOutput } };
}

/** Gradients of the text adapter from those of the unit vectors. */
export function textGradient(
  text: Float32Array,
  dimension: number,
  { w1, w2 }: TwoLayers,
  { slope, activatesOutput, textResidual: share }: TextOptions,
  { unit, norms, hidden, before }: AdaptedText,
  ofUnit: Float32Array,
): TwoLayers {
  const bottleneck = w1.length / dimension;
  const ofAdapted = new Float32Array(ofUnit.length);
  for (let row = 0; row < norms.length; row++) {
    let along = 0;
    for (let i = row * dimension; i < (row + 1) * dimension; i++) along += unit[i]! * ofUnit[i]!;
    for (let i = row * dimension; i < (row + 1) * dimension; i++) {
      ofAdapted[i] = (share * (ofUnit[i]! - unit[i]! * along)) / norms[row]!;
    }
  }
  const ofOutput = activatesOutput ? leakyGradient(ofAdapted, before.output, slope) : ofAdapted;
  const ofHidden = leakyGradient(times(ofOutput, w2, dimension, bottleneck), before.hidden, slope);
  return {
    w1: outer(ofHidden, text, bottleneck, dimension),
    w2: outer(ofOutput, hidden, dimension, bottleneck),
  };
}
