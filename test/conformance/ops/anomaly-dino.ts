import { z } from 'zod';
import {
  buildMemoryBank,
  cleanObjectMask,
  firstComponent,
  objectMask,
  patchDistances,
  rawObjectMask,
  rotateImage,
  scoreBatch,
  scoreFewShot,
} from '#engine/methods/anomaly-dino/index.ts';
import { fullMap } from '#shared/full-map.ts';
import type { MaskCleanUp, PatchMetric, TailRule } from '#engine/methods/anomaly-dino/index.ts';
import { squaredDistanceRows } from '#engine/methods/linear-algebra/vectors.ts';
import { imageScore, resizeBilinear, topPatchCount } from '#shared/anomaly-map.ts';
import type { PatchFeatures, PatchMask, ScoreMap } from '#shared/arrays.ts';
import type { CaseInputs } from '../fixture.ts';
import type { Operations, Results } from '../operation.ts';
import { asFeatures, asImage, asMap, asPatchMask, parts } from './arrays.ts';

const metricName = z.enum(['L2', 'L2_normalized']);

const metricOf = (inputs: CaseInputs): PatchMetric =>
  inputs.setting('metric', metricName) === 'L2' ? 'l2' : 'cosine';

const count = (mask: PatchMask): number => mask.data.reduce((sum, kept) => sum + kept, 0);

/** Arrays of several images, one after the other. */
const joined = (arrays: readonly ArrayLike<number>[]): number[] =>
  arrays.flatMap((array) => Array.from(array));

function knn(inputs: CaseInputs): Results {
  const memory = inputs.floats('memory_bank');
  const [rows = 0, dimension = 0] = memory.shape;
  const bank = buildMemoryBank([{ rows, columns: 1, dimension, data: memory.data }], metricOf(inputs));
  const query = asFeatures(inputs.floats('query_features'));
  const { distances, nearest } = patchDistances(bank, query, inputs.number('k'));
  const features = buildMemoryBank([query], bank.metric).data;
  const squared = (patch: number, row: number): number =>
    squaredDistanceRows(features, patch, bank.data, row, dimension);
  return {
    distances: distances.data,
    mean_top1p: imageScore(distances),
    nearest: {
      values: nearest,
      figure: (patch, row) =>
        bank.metric === 'cosine' ? squared(patch, row) / 2 : Math.sqrt(squared(patch, row)),
    },
  };
}

function top1p(inputs: CaseInputs): Results {
  const { data } = inputs.floats('distances');
  return { score: imageScore({ rows: 1, columns: data.length, data }), count: topPatchCount(data.length) };
}

function mask(inputs: CaseInputs): Results {
  const settings = {
    threshold: inputs.number('threshold'),
    border: inputs.number('border'),
    centreFraction: inputs.number('centre_min_fraction'),
    kernel: inputs.number('kernel'),
  };
  const component = firstComponent(asFeatures(inputs.floats('features')));
  const negated = { ...component, data: component.data.map((score) => -score) };
  const { mask: raw, centreFraction, turned } = rawObjectMask(component, settings);
  const { mask: otherRaw } = rawObjectMask(negated, settings);
  const clean = (from: PatchMask, how: MaskCleanUp): PatchMask => cleanObjectMask(from, how, settings.kernel);
  const official = clean(raw, 'sequence');
  const grid = clean(raw, 'grid');
  return {
    first_pc: component.data,
    mask_raw: raw.data,
    mask_official: official.data,
    mask_2d: grid.data,
    flipped: turned,
    centre_fraction: centreFraction,
    sign_independent: raw.data.every((kept, i) => kept === otherRaw.data[i]),
    kept_patches_official: count(official),
    kept_patches_2d: count(grid),
    mask_official_other_sign: clean(otherRaw, 'sequence').data,
    mask_2d_other_sign: clean(otherRaw, 'grid').data,
  };
}

function dists2map(inputs: CaseInputs): Results {
  const grid = asMap(inputs.floats('grid'));
  const [rows = 0, columns = 0] = inputs.numbers('output_size');
  const map = fullMap(grid, { resize: 'bilinear', sigma: inputs.number('sigma') }, rows, columns);
  return {
    upsampled: resizeBilinear(grid, rows, columns).data,
    map: map.data,
    max: map.data.reduce((largest, value) => Math.max(largest, value), -Infinity),
  };
}

function rotate(inputs: CaseInputs): Results {
  const image = asImage(inputs.array('image'));
  const angles = inputs.numbers('angles_deg');
  return { rotated: joined(angles.map((angle) => rotateImage(image, angle).data)) };
}

function fewShot(inputs: CaseInputs): Results {
  const references = parts(inputs.floats('reference_features')).map(asFeatures);
  const masking = inputs.setting('masking', z.boolean());
  const maskReferences = masking && inputs.optional('mask_reference', z.boolean(), false);
  const bank = buildMemoryBank(
    references,
    metricOf(inputs),
    maskReferences ? references.map((image) => objectMask(image, 'sequence')) : [],
  );
  const tests = parts(inputs.floats('test_features')).map(asFeatures);
  const [rows = 0, columns = 0] = inputs.numbers('image_size');
  const masks = (cleanUp: MaskCleanUp): PatchMask[] =>
    tests.map((test) =>
      masking
        ? objectMask(test, cleanUp)
        : { rows: test.rows, columns: test.columns, data: new Uint8Array(test.rows * test.columns).fill(1) },
    );
  const score = (test: PatchFeatures, counted: PatchMask | undefined): ReturnType<typeof scoreFewShot> =>
    scoreFewShot(bank, test, counted ?? null, inputs.number('k'));
  const [official, grid] = [masks('sequence'), masks('grid')];
  const scored = tests.map((test, i) => score(test, official[i]));
  return {
    distances_before_masking: joined(scored.map(({ distances }) => distances.data)),
    masks_official: joined(official.map(({ data }) => data)),
    masks_2d: joined(grid.map(({ data }) => data)),
    image_scores_with_2d_masks: tests.map((test, i) => score(test, grid[i]).imageScore),
    patch_distances: joined(scored.map(({ anomalyMap }) => anomalyMap.data)),
    maps: joined(
      scored.map(
        ({ anomalyMap }) => fullMap(anomalyMap, { resize: 'bilinear', sigma: 4 }, rows, columns).data,
      ),
    ),
    image_scores: scored.map((result) => result.imageScore),
  };
}

function batched(inputs: CaseInputs): Results {
  const images = parts(inputs.floats('features')).map(asFeatures);
  const masks = inputs.has('masks') ? parts(inputs.bytes('masks')).map(asPatchMask) : [];
  const quantile = inputs.number('quantile');
  const scores = (rule: TailRule): { patches: number[]; images: (number | null)[] } => {
    const scored = scoreBatch(images, masks, { rule, quantile });
    return {
      patches: joined(scored.map(({ patchScores }: { patchScores: ScoreMap }) => patchScores.data)),
      images: scored.map((result) => result.imageScore),
    };
  };
  const inclusive = scores('inclusive');
  const official = inputs.number('k') > 0 ? scores('official') : null;
  return {
    inclusive_patch_scores: inclusive.patches,
    inclusive_image_scores: inclusive.images,
    ...(official ? { official_patch_scores: official.patches, official_image_scores: official.images } : {}),
  };
}

export const anomalyDinoOperations: Operations = {
  'anomaly-dino.knn': knn,
  'anomaly-dino.top1p': top1p,
  'anomaly-dino.mask': mask,
  'anomaly-dino.dists2map': dists2map,
  'anomaly-dino.rotate': rotate,
  'anomaly-dino.few-shot': fewShot,
  'anomaly-dino.batched': batched,
};
