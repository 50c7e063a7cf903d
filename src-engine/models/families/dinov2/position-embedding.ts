/**
 * DINOv2's learned positions on a grid of any size: P' = A_rows P A_columns^T, both matrices computed while the model runs.
 * A is what PyTorch's bicubic interpolation multiplies with (Keys' kernel), in the two ways the official code calls it.
 */

import type { Value } from '../../onnx/graph.ts';
import { doublePrecision } from '../double-precision.ts';
import { withBorder } from '../fold.ts';
import type { Layers } from '../layers.ts';
import type { Parameter } from '../parameters.ts';

/**
 * `offset`: no antialiasing, scale factor (n + 0.1) / M, border repeated (models without registers).
 * `antialias`: to n exactly, kernel widened when shrinking, taps outside left out (models with registers).
 */
export type PositionResampling = 'offset' | 'antialias';

/** Taps of the kernel without antialiasing reach this far beyond the stored grid. */
const MARGIN = 2;

const OFFSET = 0.1;

/** Keys' parameter: PyTorch uses another one when it antialiases. */
const sharpness = { offset: -0.75, antialias: -0.5 } as const;

/**
 * Position embedding of a patch grid: [rows * columns, D].
 * @param stored [M, M, D], rows first; unchanged where the grid is M x M.
 */
export function positionsOf(
  layers: Layers,
  stored: Parameter,
  rows: Value,
  columns: Value,
  resampling: PositionResampling,
): Value {
  const { graph, integers, shape, parameter } = layers;
  const [size, , dimension] = stored.shape as readonly [number, number, number];
  const source = resampling === 'offset' ? withBorder(stored, MARGIN) : stored;
  const wide = source.shape[0]!;
  const matrix =
    resampling === 'offset' ? offsetMatrix(layers, size, rows, columns) : antialiasMatrix(layers, size);

  const alongRows = graph.node('MatMul', [
    matrix(rows),
    graph.node('Reshape', [parameter(source), integers(wide, wide * dimension)]),
  ]);
  const partly = graph.node('Reshape', [alongRows, shape(rows, integers(wide, dimension))]);
  const resampled = graph.node('MatMul', [matrix(columns), partly]);
  return graph.node('Reshape', [resampled, integers(-1, dimension)]);
}

/** Extent n -> [n, M + 2 * MARGIN]. Only the very grid that is stored stays as it is, an axis of equal length alone does not. */
function offsetMatrix(layers: Layers, size: number, rows: Value, columns: Value) {
  const { graph, integers } = layers;
  const { constant, scalar, fromExtent, toFloat32, range, add, subtract, multiply, divide } =
    doublePrecision(layers);
  const isStored = (extent: Value): Value => graph.node('Equal', [extent, integers(size)]);
  const unchanged = graph.node('Squeeze', [
    graph.node('And', [isStored(rows), isStored(columns)]),
    integers(0),
  ]);
  const offset = graph.node('Where', [unchanged, scalar(0), scalar(OFFSET)]);
  const taps = constant(
    [1, size + 2 * MARGIN],
    Array.from({ length: size + 2 * MARGIN }, (_, j) => j - MARGIN),
  );
  return (extent: Value): Value => {
    const length = fromExtent(extent);
    const step = divide(scalar(size), add(length, offset));
    const position = subtract(multiply(add(range(length), scalar(0.5)), step), scalar(0.5));
    const distance = subtract(graph.node('Unsqueeze', [position, integers(1)]), taps);
    return toFloat32(cubic(layers, distance, sharpness.offset));
  };
}

/** Extent n -> [n, M], rows that sum to 1. */
function antialiasMatrix(layers: Layers, size: number) {
  const { graph, integers } = layers;
  const { constant, scalar, fromExtent, toFloat32, range, add, subtract, multiply, divide } =
    doublePrecision(layers);
  const tapCentres = constant(
    [1, size],
    Array.from({ length: size }, (_, j) => j + 0.5),
  );
  return (extent: Value): Value => {
    const length = fromExtent(extent);
    const step = divide(scalar(size), length);
    const width = graph.node('Max', [step, scalar(1)]);
    const centre = multiply(add(range(length), scalar(0.5)), step);
    const distance = subtract(graph.node('Unsqueeze', [centre, integers(1)]), tapCentres);
    const weights = cubic(layers, divide(distance, width), sharpness.antialias);
    const sums = graph.node('ReduceSum', [weights, integers(1)], { keepdims: 1 });
    return toFloat32(divide(weights, sums));
  };
}

/** K(x) = (a + 2)|x|^3 - (a + 3)|x|^2 + 1 up to 1, a(|x|^3 - 5|x|^2 + 8|x| - 4) up to 2, 0 beyond. */
function cubic(layers: Layers, x: Value, a: number): Value {
  const { graph } = layers;
  const { scalar, add, subtract, multiply } = doublePrecision(layers);
  // Both pieces are 0 at 2, so clipping there stands for "0 beyond".
  const distance = graph.node('Min', [graph.node('Abs', [x]), scalar(2)]);
  const near = add(
    multiply(multiply(subtract(multiply(distance, scalar(a + 2)), scalar(a + 3)), distance), distance),
    scalar(1),
  );
  const far = multiply(
    subtract(
      multiply(add(multiply(subtract(distance, scalar(5)), distance), scalar(8)), distance),
      scalar(4),
    ),
    scalar(a),
  );
  const isNear = graph.node('LessOrEqual', [distance, scalar(1)]);
  return graph.node('Where', [isNear, near, far]);
}
