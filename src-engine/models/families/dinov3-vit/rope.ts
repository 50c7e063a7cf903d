/** DINOv3's rotary position embedding: angles from patch centres, each axis scaled to -1 .. 1 by its own length. */

import type { Value } from '../../onnx/graph.ts';
import { float32 } from '../../onnx/tensors.ts';
import { doublePrecision } from '../double-precision.ts';
import type { Layers } from '../layers.ts';
import type { Rotate } from '../vit/encoder.ts';

export interface RopeOptions {
  readonly heads: number;
  /** Multiple of 4: a quarter of the channels for each of sine and cosine of each axis. */
  readonly headDimension: number;
  readonly theta: number;
  /** CLS and registers: tokens before the patches, which are not rotated. */
  readonly prefixTokens: number;
}

/**
 * Builds the cosine and sine tables of the patch grid and gives the rotation that uses them.
 * Angle of patch (r, c): 2 pi (2 (r + 0.5) / rows - 1) theta^(-4 j / d), j = 0 .. d / 4 - 1, then the same for c and columns;
 * channel i pairs with i + d / 2. Prefix tokens have angle 0, whose rotation is exact.
 */
export function rotaryPositions(layers: Layers, rows: Value, columns: Value, options: RopeOptions): Rotate {
  const { graph, integers, shape } = layers;
  const { heads, headDimension, theta, prefixTokens } = options;
  const quarter = headDimension / 4;
  const half = headDimension / 2;
  const { constant, scalar, fromExtent, toFloat32, range, add, subtract, multiply, divide } =
    doublePrecision(layers);
  const frequencies = constant(
    [1, quarter],
    Array.from({ length: quarter }, (_, j) => 2 * Math.PI * theta ** ((-4 * j) / headDimension)),
  );
  const anglesAlong = (extent: Value): Value => {
    const length = fromExtent(extent);
    const centres = divide(add(range(length), scalar(0.5)), length);
    const coordinates = subtract(multiply(centres, scalar(2)), scalar(1));
    return multiply(graph.node('Unsqueeze', [coordinates, integers(1)]), frequencies);
  };
  const gridShape = shape(rows, columns, integers(quarter));
  const overGrid = (angles: Value, otherAxis: number): Value =>
    graph.node('Expand', [graph.node('Unsqueeze', [angles, integers(otherAxis)]), gridShape]);
  const angles = graph.node('Concat', [overGrid(anglesAlong(rows), 1), overGrid(anglesAlong(columns), 0)], {
    axis: 2,
  });
  const angleRows = graph.node('Reshape', [angles, integers(-1, half)]);

  const table = (operator: 'Cos' | 'Sin', ofZero: number): Value => {
    const still = Array.from({ length: prefixTokens * half }, () => ofZero);
    const prefix = graph.constant(float32([prefixTokens, half], still));
    return graph.node('Concat', [prefix, toFloat32(graph.node(operator, [angleRows]))], { axis: 0 });
  };
  const cosines = table('Cos', 1);
  const sines = table('Sin', 0);
  return (x) =>
    graph.node(
      'RotaryEmbedding',
      [x, integers(0), cosines, sines],
      { num_heads: heads, interleaved: 0 },
      { domain: 'com.microsoft' },
    );
}
