import type { PatchFeatures } from '#shared/arrays.ts';
import { Failure } from '#shared/errors.ts';

/**
 * Several layers of one image as one, on the grid of the first: others are resized to it, `bilinear` with half-pixel
 * centres (PatchCore) or by the `nearest` neighbour (PaDiM), and the features joined.
 */
export function joinLayers(layers: readonly PatchFeatures[], resize: 'bilinear' | 'nearest'): PatchFeatures {
  const [first, ...others] = layers;
  if (!first) throw new Failure('bug', 'There are no layers to join.');
  if (others.length === 0) return first;
  const { rows, columns } = first;
  const dimension = layers.reduce((sum, layer) => sum + layer.dimension, 0);
  const data = new Float32Array(rows * columns * dimension);
  let offset = 0;
  for (const layer of layers) {
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const at = (y * columns + x) * dimension + offset;
        for (const { patch, weight } of sourcesOf(layer, first, x, y, resize)) {
          for (let d = 0; d < layer.dimension; d++) {
            data[at + d] = data[at + d]! + weight * layer.data[patch * layer.dimension + d]!;
          }
        }
      }
    }
    offset += layer.dimension;
  }
  return { rows, columns, dimension, data };
}

interface Source {
  readonly patch: number;
  readonly weight: number;
}

function sourcesOf(
  from: PatchFeatures,
  to: PatchFeatures,
  x: number,
  y: number,
  resize: 'bilinear' | 'nearest',
): Source[] {
  if (resize === 'nearest') {
    const row = Math.floor((y * from.rows) / to.rows);
    return [{ patch: row * from.columns + Math.floor((x * from.columns) / to.columns), weight: 1 }];
  }
  const down = between(y, from.rows, to.rows);
  const across = between(x, from.columns, to.columns);
  return down
    .flatMap((row) =>
      across.map((column) => ({
        patch: row.at * from.columns + column.at,
        weight: row.weight * column.weight,
      })),
    )
    .filter(({ weight }) => weight > 0);
}

/** The two source positions around a target position, half-pixel centres, clamped to the edge. */
function between(index: number, source: number, target: number): { at: number; weight: number }[] {
  const position = Math.min(Math.max(((index + 0.5) * source) / target - 0.5, 0), source - 1);
  const below = Math.floor(position);
  const weight = position - below;
  return [
    { at: below, weight: 1 - weight },
    { at: Math.min(below + 1, source - 1), weight },
  ];
}
