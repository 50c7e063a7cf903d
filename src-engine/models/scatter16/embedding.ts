import type { GraphBuilder, Value } from '../onnx/graph.ts';
import { float32, int64 } from '../onnx/tensors.ts';
import { EMBEDDING_OFFSET } from './filters.ts';

/**
 * Grid mean and quadrant means of log(1 + x / 0.01), [N, D, rows, columns] -> [N, 5 D]. With an odd number of rows or columns the middle one
 * counts half on either side, so the grid mean is the mean of the quadrants at any size.
 */
export function embedding(graph: GraphBuilder, coefficients: Value, dimension: number): Value {
  const scaled = graph.node('Div', [
    coefficients,
    graph.initialiser('embedding_offset', float32([], [EMBEDDING_OFFSET])),
  ]);
  const values = graph.node('Log', [graph.node('Add', [scaled, graph.initialiser('one', float32([], [1]))])]);
  const patches = graph.node('Transpose', [values], { perm: [0, 2, 3, 1] });
  const flatShape = graph.initialiser('patch_rows', int64([0, -1, dimension]));
  const rows = halfWeights(graph, patches, 1, 'rows', [2, 1, -1, 1]);
  const columns = halfWeights(graph, patches, 2, 'columns', [1, 2, 1, -1]);
  const four = graph.initialiser('quadrants', int64([4, -1]));
  const weights = graph.node('Reshape', [graph.node('Mul', [rows, columns]), four]);
  const quadrants = graph.node('MatMul', [weights, graph.node('Reshape', [patches, flatShape])]);
  const mean = graph.node('ReduceMean', [quadrants], { axes: [1], keepdims: 1 });
  const all = graph.node('Concat', [mean, quadrants], { axis: 1 });
  return graph.node('Flatten', [all], { axis: 1 }, { name: 'embedding' });
}

/** Weights of both halves of an axis of unknown length n, each half summing to 1: [2, n], reshaped. */
function halfWeights(
  graph: GraphBuilder,
  x: Value,
  axis: number,
  name: string,
  shape: readonly number[],
): Value {
  const scalar = (suffix: string, value: number) =>
    graph.initialiser(`${name}_${suffix}`, float32([], [value]));
  const zero = scalar('zero', 0);
  const one = scalar('one', 1);
  const length = graph.node('Squeeze', [graph.node('Shape', [x], { start: axis, end: axis + 1 })]);
  const count = graph.node('Cast', [length], { to: 1 });
  const half = graph.node('Div', [count, scalar('two', 2)]);
  const index = graph.node('Range', [zero, count, one]);
  const first = graph.node('Clip', [graph.node('Sub', [half, index]), zero, one]);
  const second = graph.node('Sub', [one, first]);
  const top = graph.initialiser(`${name}_leading`, int64([0]));
  const both = graph.node(
    'Concat',
    [graph.node('Unsqueeze', [first, top]), graph.node('Unsqueeze', [second, top])],
    { axis: 0 },
  );
  const normalised = graph.node('Div', [both, half]);
  return graph.node('Reshape', [normalised, graph.initialiser(`${name}_halves`, int64(shape))]);
}
