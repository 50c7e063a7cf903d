import { anomalyMap } from '#shared/anomaly-map.ts';
import type { PatchFeatures, PatchMask } from '#shared/arrays.ts';
import { calibrationFractions, type Calibration } from '#shared/calibration.ts';
import type { EngineCalls, EngineImage, ScoreRequest } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { Explanation, FeaturePictures, PatchPicture } from '#shared/explanation.ts';
import { fullMap } from '#shared/full-map.ts';
import { featuresOf, mapRuleOf } from '#shared/methods/index.ts';
import type { RunSettings } from '#shared/settings.ts';
import { extractionsOf } from '../features/feature-store.ts';
import { componentColours } from '../methods/explain/component-colours.ts';
import { extremeMatches, nearestCentroids, similaritiesTo } from '../methods/explain/patch-matches.ts';
import { createScoreQuantiles } from '../metrics/score-quantiles.ts';
import type { EngineState } from '../state.ts';
import { clusterSupport, score } from './score.ts';
import { match } from './support.ts';

/** References that are shown for a method whose map comes from all of them at once. */
const shownOfBank = 4;

interface Patches {
  readonly features: PatchFeatures;
  readonly counted: PatchMask;
}

/** Patch features of an image and which of them count: those of the first layer where a method takes several. */
async function patchesOf(
  { features, images }: EngineState,
  image: EngineImage,
  settings: RunSettings,
  asQuery: boolean,
): Promise<Patches> {
  const [extraction] = extractionsOf(featuresOf(settings));
  const { patches } = await features.get(image.pixels, extraction);
  const everything = settings.method !== 'dino-ad' || (asQuery && !settings.maskQueryBackground);
  const rule = everything ? ({ rule: 'all' } as const) : settings.foreground;
  return { features: patches, counted: await images.foreground(image.pixels, patches, rule) };
}

const rowOf = ({ dimension, data }: PatchFeatures, index: number): Float32Array =>
  data.subarray(index * dimension, (index + 1) * dimension);

/** Does something with a pool that lacks one image, and forgets that pool again. */
async function withoutImage<T>(
  { pools }: EngineState,
  request: ScoreRequest,
  id: EngineImage['id'],
  use: (request: ScoreRequest, left: number) => Promise<T>,
): Promise<T> {
  const pool = pools.get(request.poolKey);
  if (!pool) throw new Failure('bug', `The engine does not know the reference pool ${request.poolKey}.`);
  const key = `${pool.key} without ${id}`;
  const images = pool.images.filter((image) => image.id !== id);
  pools.set(key, { key, images });
  try {
    return await use({ ...request, poolKey: key }, images.length);
  } finally {
    pools.delete(key);
  }
}

/** What a patch was compared with. @throws Failure('invalid') outside the grid. */
export async function explain(
  state: EngineState,
  { row, column, ...request }: EngineCalls['explain']['request'],
): Promise<Explanation> {
  const { query, settings, poolKey } = request;
  const scored = await score(state, request);
  const { rows, columns, data } = scored.scores;
  if (row >= rows || column >= columns) {
    throw new Failure('invalid', `There is no patch ${row}, ${column} on a grid of ${rows} x ${columns}.`);
  }
  const index = row * columns + column;
  const own = await patchesOf(state, query, settings, true);
  const patch = rowOf(own.features, index);

  const shown =
    scored.support.length > 0
      ? scored.support
      : await match(state, { query, poolKey, features: featuresOf(settings), limit: shownOfBank });
  const pool = new Map(state.pools.get(poolKey)?.images.map((image) => [image.id, image]));
  const references: Explanation['references'] = [];
  for (const { imageId, similarity } of shown) {
    const image = pool.get(imageId);
    if (!image) continue;
    const { features, counted } = await patchesOf(state, image, settings, false);
    const found = extremeMatches(patch, features, counted);
    references.push({
      imageId,
      similarity,
      rows: features.rows,
      columns: features.columns,
      best: found?.best ?? null,
      worst: found?.worst ?? null,
      without: await scoreWithout(state, request, imageId, index),
    });
  }

  const clustered = settings.method === 'dino-ad' ? await clusterSupport(state, request, settings) : null;
  return {
    imageId: query.id,
    row,
    column,
    rows,
    columns,
    score: data[index]!,
    references,
    centroids: clustered ? await explainCentroids(state, patch, clustered, settings) : [],
  };
}

async function explainCentroids(
  state: EngineState,
  patch: Float32Array,
  { support, scored: { centroids, counts } }: Awaited<ReturnType<typeof clusterSupport>>,
  settings: RunSettings,
): Promise<Explanation['centroids']> {
  const patches = await Promise.all(
    support.map(async ({ image }) => ({
      imageId: image.id,
      ...(await patchesOf(state, image, settings, false)),
    })),
  );
  return [...similaritiesTo(patch, centroids)].map((similarity, i) => {
    const centroid = centroids.subarray(i * patch.length, (i + 1) * patch.length);
    const candidates = patches.flatMap(({ imageId, features, counted }) => {
      const best = extremeMatches(centroid, features, counted)?.best;
      return best ? [{ imageId, ...best }] : [];
    });
    const nearest = candidates.reduce((a, b) => (b.similarity > a.similarity ? b : a));
    const { imageId, row, column } = nearest;
    return { patches: counts[i]!, similarity, nearest: { imageId, row, column } };
  });
}

async function scoreWithout(
  state: EngineState,
  request: ScoreRequest,
  id: EngineImage['id'],
  index: number,
): Promise<number | null> {
  try {
    return await withoutImage(state, request, id, async (asked, left) =>
      left === 0 ? null : ((await score(state, asked)).scores.data[index] ?? null),
    );
  } catch (error) {
    if (error instanceof Failure && error.kind === 'invalid') return null;
    throw error;
  }
}

/** Clusters and principal components of an image and its support images. */
export async function drawFeatures(
  state: EngineState,
  request: EngineCalls['draw-features']['request'],
): Promise<FeaturePictures> {
  const { query, settings, poolKey } = request;
  const clustered = settings.method === 'dino-ad' ? await clusterSupport(state, request, settings) : null;
  const shown = clustered
    ? clustered.support.map(({ image }) => image)
    : await nearest(state, query, poolKey, settings);
  const images = [query, ...shown];
  const patches = await Promise.all(images.map((image, i) => patchesOf(state, image, settings, i === 0)));
  const colours = componentColours(patches);
  const clusters = clustered && [
    nearestCentroids(patches[0]!.features, patches[0]!.counted, clustered.scored.centroids),
    ...clustered.scored.supportAssignments,
  ];
  const pictures = images.map(({ id }, i): PatchPicture => ({
    imageId: id,
    rows: patches[i]!.features.rows,
    columns: patches[i]!.features.columns,
    clusters: clusters ? [...clusters[i]!] : null,
    components: Array.from(colours[i]!, (value) => (Number.isNaN(value) ? -1 : Math.round(value * 255))),
  }));
  return { query: pictures[0]!, supports: pictures.slice(1) };
}

async function nearest(
  state: EngineState,
  query: EngineImage,
  poolKey: string,
  settings: RunSettings,
): Promise<EngineImage[]> {
  const pool = state.pools.get(poolKey)?.images ?? [];
  if (pool.length === 0) return [];
  const ranked = await match(state, {
    query,
    poolKey,
    features: featuresOf(settings),
    limit: shownOfBank,
  });
  return ranked.flatMap(({ imageId }) => pool.find(({ id }) => id === imageId) ?? []);
}

/** Scores each normal image against the others; null when there are no others. */
export async function calibrate(
  state: EngineState,
  { images, poolKey, settings }: EngineCalls['calibrate']['request'],
): Promise<Calibration | null> {
  const quantiles = createScoreQuantiles();
  let count = 0;
  for (const image of images) {
    const scored = await withoutImage(
      state,
      { query: image, poolKey, settings },
      image.id,
      async (request, left) => (left === 0 ? null : score(state, request)),
    );
    if (!scored) continue;
    count += 1;
    const { width, height } = image.pixels;
    const { rows, columns } = scored.scores;
    const map = fullMap(
      anomalyMap(scored.scores, scored.foreground, 'raw'),
      mapRuleOf(settings),
      height,
      width,
    );
    for (let y = 0; y < height; y++) {
      const patchRow = Math.floor((y * rows) / height) * columns;
      for (let x = 0; x < width; x++) {
        const patch = patchRow + Math.floor((x * columns) / width);
        if (scored.foreground.data[patch] === 1) quantiles.add(map.data[y * width + x]!);
      }
    }
  }
  const result = quantiles.result();
  return result && { images: count, fractions: [...calibrationFractions], ...result };
}
