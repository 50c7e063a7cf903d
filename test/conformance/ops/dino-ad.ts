import { z } from 'zod';
import {
  maskToPatches,
  meanCosineSimilarity,
  nonZeroMask,
  rankEmbeddings,
  scoreDinoAd,
} from '#engine/methods/dino-ad/index.ts';
import { close } from '#engine/methods/morphology.ts';
import { anomalyMap, resizeBilinear, scoreRange } from '#shared/anomaly-map.ts';
import type { CaseInputs } from '../fixture.ts';
import type { Operations, Results } from '../operation.ts';
import { asFeatures, asImage, asPatchMask } from './arrays.ts';

function foreground(inputs: CaseInputs): Results {
  const [rows = 0, columns = 0] = inputs.numbers('grid');
  const mask = nonZeroMask(asImage(inputs.array('support_image')));
  const perKernel = inputs.numbers('kernels').map((kernel) => {
    const closed = close(mask, kernel);
    return {
      [`mask_closed_k${kernel}`]: closed.data,
      [`patch_mask_k${kernel}`]: maskToPatches(closed, rows, columns).data,
    };
  });
  return Object.assign({ mask_nonzero: mask.data }, ...perKernel) as Results;
}

function clusters(inputs: CaseInputs): Results {
  const features = asFeatures(inputs.floats('support_features'));
  const foregroundMask = asPatchMask(inputs.bytes('patch_mask'));
  const { inertia, centroids, counts } = scoreDinoAd({
    support: [{ features, foreground: foregroundMask }],
    query: features,
    queryForeground: null,
    k: inputs.number('K'),
    seed: inputs.optional('seed', z.number(), 0),
    restarts: inputs.optional('n_init', z.number(), 20),
  });
  return { inertia, centroids, counts, foreground_patches: counts.reduce((sum, count) => sum + count, 0) };
}

function map(inputs: CaseInputs): Results {
  const query = asFeatures(inputs.floats('query_features'));
  const similarity = meanCosineSimilarity(query, inputs.floats('centroids').data);
  const scores = { ...similarity, data: similarity.data.map((cosine) => 1 - cosine) };
  const patchMap = anomalyMap(scores, null, 'minmax');
  const [rows = 0, columns = 0] = inputs.numbers('output_size');
  const { min, max } = scoreRange(similarity, null) ?? { min: NaN, max: NaN };
  return {
    mean_cosine: similarity.data,
    patch_map: patchMap.data,
    final_map: resizeBilinear(patchMap, rows, columns).data,
    cosine_min_max: [min, max],
  };
}

function match(inputs: CaseInputs): Results {
  const embeddings = inputs.floats('embeddings');
  const { order, similarities } = rankEmbeddings(
    embeddings.data,
    embeddings.shape[0] ?? 0,
    inputs.floats('query').data,
  );
  return {
    best: order[0] ?? null,
    order: { values: order, figure: (_position, index) => similarities[index] ?? NaN },
    similarities,
  };
}

export const dinoAdOperations: Operations = {
  'dino-ad.foreground': foreground,
  'dino-ad.kmeans': clusters,
  'dino-ad.map': map,
  'dino-ad.match': match,
};
