/** Arithmetic on values of a graph, so that formulas read as formulas. */

import { type GraphBuilder, real, type Value } from '../../models/onnx/graph.ts';
import { float32, int64 } from '../../models/onnx/tensors.ts';

export type Expressions = ReturnType<typeof expressionsOf>;

const FLOAT32 = 1;

export function expressionsOf(graph: GraphBuilder) {
  const constants = new Map<string, Value>();
  const once = (key: string, make: () => Value): Value => {
    const value = constants.get(key) ?? make();
    constants.set(key, value);
    return value;
  };
  const scalar = (x: number): Value => once(`scalar ${x}`, () => graph.constant(float32([], [x])));
  const integers = (...values: number[]): Value =>
    once(`integers ${values.join()}`, () => graph.constant(int64(values)));
  const valueOf = (x: Value | number): Value => (typeof x === 'number' ? scalar(x) : x);
  const binary = (operator: string) => (a: Value | number, b: Value | number) =>
    graph.node(operator, [valueOf(a), valueOf(b)]);
  const unary = (operator: string) => (x: Value) => graph.node(operator, [x]);
  const gemm = (a: Value, b: Value, transA: 0 | 1, transB: 0 | 1) =>
    graph.node('Gemm', [a, b], { transA, transB });
  return {
    graph,
    add: binary('Add'),
    subtract: binary('Sub'),
    multiply: binary('Mul'),
    divide: binary('Div'),
    max: binary('Max'),
    power: binary('Pow'),
    log: unary('Log'),
    root: unary('Sqrt'),
    sigmoid: unary('Sigmoid'),
    toFloat: (x: Value) => graph.node('Cast', [x], { to: FLOAT32 }),
    leakyRelu: (x: Value, slope: number) => graph.node('LeakyRelu', [x], { alpha: real(slope) }),
    /** 1 where x is positive, `slope` elsewhere: the gradient of a LeakyReLU. */
    leakySlope: (x: Value, slope: number) =>
      graph.node('Where', [graph.node('Greater', [x, scalar(0)]), scalar(1), scalar(slope)]),
    /** a b^T, a^T b, a b of matrices. */
    timesTransposed: (a: Value, b: Value) => gemm(a, b, 0, 1),
    transposedTimes: (a: Value, b: Value) => gemm(a, b, 1, 0),
    times: (a: Value, b: Value) => graph.node('MatMul', [a, b]),
    transposed: (x: Value) => graph.node('Transpose', [x], { perm: [0, 2, 1] }),
    reshape: (x: Value, ...shape: number[]) => graph.node('Reshape', [x, integers(...shape)]),
    /** Sums over axes, which stay with an extent of 1; over everything without axes. */
    sum: (x: Value, ...axes: number[]) =>
      axes.length === 0
        ? graph.node('ReduceSum', [x], { keepdims: 0 })
        : graph.node('ReduceSum', [x, integers(...axes)], { keepdims: 1 }),
    join: (axis: number, ...parts: Value[]) => graph.node('Concat', parts, { axis }),
    split: (x: Value, axis: number, parts: number) =>
      graph.nodes('Split', [x, integers(...Array<number>(parts).fill(1))], parts, { axis }),
    constant: (shape: readonly number[], values: ArrayLike<number>) => graph.constant(float32(shape, values)),
    named: (name: string, x: Value) => graph.node('Identity', [x], {}, { name }),
  };
}
