import { squaredDistanceRows } from '#engine/methods/linear-algebra/vectors.ts';
import { coresetSize, greedyCoreset, poolPatches, scorePatchCore } from '#engine/methods/patchcore/index.ts';
import { fullMap } from '#shared/full-map.ts';
import type { CaseInputs } from '../fixture.ts';
import type { Operations, Results } from '../operation.ts';
import { asFeatures, asMap, parts } from './arrays.ts';

function coreset(inputs: CaseInputs): Results {
  const { shape, data } = inputs.floats('embeddings');
  const [count = 0, dimension = 0] = shape;
  const size = coresetSize(count, inputs.number('ratio'));
  const { indices, selectionRadius, coverRadius } = greedyCoreset(
    { data, count, dimension },
    size,
    inputs.number('start'),
  );
  return { indices, selection_radius: selectionRadius, cover_radius: coverRadius };
}

function score(inputs: CaseInputs): Results {
  const { shape, data } = inputs.floats('memory_bank');
  const [count = 0, dimension = 0] = shape;
  const queries = inputs.floats('query_features');
  const images = parts(queries).map(asFeatures);
  const scored = images.map((image) =>
    scorePatchCore({ data, count, dimension }, image, inputs.number('num_neighbors')),
  );
  return {
    patch_scores: scored.flatMap(({ patchScores }) => Array.from(patchScores.data)),
    nearest: {
      values: scored.flatMap(({ nearest }) => Array.from(nearest)),
      figure: (patch, row) => Math.sqrt(squaredDistanceRows(queries.data, patch, data, row, dimension)),
    },
    image_scores: scored.map(({ imageScore }) => imageScore),
  };
}

function neighbourhood(inputs: CaseInputs): Results {
  const { shape, data } = inputs.floats('feature_map');
  const [images = 0, channels = 0, rows = 0, columns = 0] = shape;
  // Channels of all images as so many patches of one value each.
  const size = rows * columns;
  const pooled = new Float32Array(data.length);
  for (let plane = 0; plane < images * channels; plane++) {
    const own = data.subarray(plane * size, (plane + 1) * size);
    pooled.set(poolPatches({ rows, columns, dimension: 1, data: own }).data, plane * size);
  }
  return { pooled };
}

function map(inputs: CaseInputs): Results {
  const grid = asMap(inputs.floats('grid'));
  const [rows = 0, columns = 0] = inputs.numbers('output_size');
  const sigma = inputs.number('sigma');
  return {
    paper_map: fullMap(grid, { resize: 'bilinear', sigma }, rows, columns).data,
    anomalib_map: fullMap(grid, { resize: 'nearest', sigma }, rows, columns).data,
  };
}

export const patchCoreOperations: Operations = {
  'patchcore.coreset': coreset,
  'patchcore.score': score,
  'patchcore.neighbourhood': neighbourhood,
  'patchcore.map': map,
};
