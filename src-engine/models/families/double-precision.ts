/**
 * Small arithmetic on the patch grid in float64. Two reasons: rounded once to float32 it agrees with the reference to the last
 * digits, and GPU providers leave float64 to the CPU, whose sine keeps its precision (WGSL promises 2^-11).
 */

import type { Value } from '../onnx/graph.ts';
import type { Layers } from './layers.ts';

const FLOAT64 = 11;
const FLOAT32 = 1;

export interface DoublePrecision {
  constant(shape: readonly number[], values: readonly number[]): Value;
  scalar(value: number): Value;
  /** int64 [1] as a float64 scalar. */
  fromExtent(extent: Value): Value;
  toFloat32(x: Value): Value;
  /** 0, 1, .. n - 1 for a scalar n. */
  range(n: Value): Value;
  add(a: Value, b: Value): Value;
  subtract(a: Value, b: Value): Value;
  multiply(a: Value, b: Value): Value;
  divide(a: Value, b: Value): Value;
}

export function doublePrecision({ graph, integers }: Layers): DoublePrecision {
  const scalars = new Map<number, Value>();
  const binary =
    (operator: string) =>
    (a: Value, b: Value): Value =>
      graph.node(operator, [a, b]);
  const constant = (shape: readonly number[], values: readonly number[]): Value =>
    graph.constant({
      type: 'float64',
      shape,
      data: new Uint8Array(Float64Array.from(values).buffer),
    });
  const scalar = (value: number): Value => {
    const present = scalars.get(value) ?? constant([], [value]);
    scalars.set(value, present);
    return present;
  };
  return {
    constant,
    scalar,
    fromExtent: (extent) =>
      graph.node('Cast', [graph.node('Squeeze', [extent, integers(0)])], { to: FLOAT64 }),
    toFloat32: (x) => graph.node('Cast', [x], { to: FLOAT32 }),
    range: (n) => graph.node('Range', [scalar(0), n, scalar(1)]),
    add: binary('Add'),
    subtract: binary('Sub'),
    multiply: binary('Mul'),
    divide: binary('Div'),
  };
}
