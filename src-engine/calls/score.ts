import type {
  EngineCalls,
  EngineImage,
  ReferencePool,
  ScoredImage,
  ScoreRequest,
} from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { featuresOf, methodTitle } from '#shared/methods/index.ts';
import { createRandom } from '#shared/random.ts';
import type { Match } from '#shared/results.ts';
import type { DinoAdSettings } from '#shared/settings.ts';
import { extractionsOf } from '../features/feature-store.ts';
import { rankEmbeddings, scoreDinoAd } from '../methods/dino-ad/index.ts';
import type { EngineState } from '../state.ts';

export function definePool({ pools }: EngineState, pool: ReferencePool): void {
  pools.set(pool.key, pool);
}

export async function prepare(
  { features }: EngineState,
  { image, features: wanted }: EngineCalls['prepare']['request'],
): Promise<EngineCalls['prepare']['reply']> {
  const total = { decode: 0, features: 0 };
  for (const extraction of extractionsOf(wanted)) {
    const { milliseconds } = await features.get(image.pixels, extraction);
    total.decode += milliseconds.decode;
    total.features += milliseconds.features;
  }
  return total;
}

/** Pool images ranked by cosine similarity of their embeddings to the query's (DINO-AD step 2). */
async function rank(
  state: EngineState,
  { query, poolKey, features }: Omit<EngineCalls['match']['request'], 'limit'>,
): Promise<{ image: EngineImage; similarity: number }[]> {
  const pool = poolNamed(state, poolKey);
  const [extraction] = extractionsOf(features);
  const { embedding } = await state.features.get(query.pixels, extraction);
  const embeddings = new Float32Array(pool.images.length * embedding.length);
  for (const [index, image] of pool.images.entries()) {
    embeddings.set(await state.features.embedding(image.pixels, extraction), index * embedding.length);
  }
  const { order, similarities } = rankEmbeddings(embeddings, pool.images.length, embedding);
  return Array.from(order, (index) => ({ image: pool.images[index]!, similarity: similarities[index]! }));
}

function poolNamed({ pools }: EngineState, key: string): ReferencePool {
  const pool = pools.get(key);
  if (!pool) throw new Failure('bug', `The engine does not know the reference pool ${key}.`);
  return pool;
}

export async function match(state: EngineState, request: EngineCalls['match']['request']): Promise<Match[]> {
  const ranked = await rank(state, request);
  return ranked.slice(0, request.limit).map(({ image, similarity }) => ({ imageId: image.id, similarity }));
}

/** Support images of one query with their similarity, by the run's choice. */
async function chooseSupport(
  state: EngineState,
  { query, poolKey }: ScoreRequest,
  { support, seed, ...settings }: DinoAdSettings,
) {
  const ranked = await rank(state, { query, poolKey, features: featuresOf({ support, seed, ...settings }) });
  switch (support.kind) {
    case 'matched':
      return ranked.slice(0, support.count);
    case 'random':
      return draw(ranked, support.count, seed, query.pixels.sha256);
    case 'chosen': {
      // In the order they were picked.
      const byId = new Map(ranked.map((entry) => [entry.image.id, entry]));
      return support.images.flatMap((id) => byId.get(id) ?? []);
    }
  }
}

/** Drawn anew for every query, but always the same for the same query and seed. */
function draw<T extends { image: EngineImage }>(
  from: readonly T[],
  count: number,
  seed: number,
  query: string,
): T[] {
  const random = createRandom((seed ^ Number.parseInt(query.slice(0, 8), 16)) >>> 0);
  // Order of the pool, not of similarity: the draw must not depend on the model.
  const rest = from.toSorted((a, b) => a.image.id - b.image.id);
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(random.integer(rest.length), 1)[0]!,
  );
}

/** One method on one image, with the time each stage took. */
export function score(state: EngineState, request: ScoreRequest): Promise<ScoredImage> {
  const { settings } = request;
  if (settings.method === 'dino-ad') return scoreWithDinoAd(state, request, settings);
  throw new Failure('invalid', `${methodTitle(settings)} cannot be run yet.`);
}

async function scoreWithDinoAd(
  state: EngineState,
  request: ScoreRequest,
  settings: DinoAdSettings,
): Promise<ScoredImage> {
  const { query } = request;
  const extracted = await state.features.get(query.pixels, settings);
  const beforeMatch = performance.now();
  const support = await chooseSupport(state, request, settings);
  const beforeCluster = performance.now();
  const supportImages = await Promise.all(support.map(({ image }) => supportImage(state, image, settings)));
  const foreground = await queryForeground(state, query, extracted.patches, settings);
  const scored = scoreDinoAd({
    support: supportImages,
    query: extracted.patches,
    queryForeground: foreground,
    k: settings.k,
    seed: settings.seed,
  });
  return {
    support: support.map(({ image, similarity }) => ({ imageId: image.id, similarity })),
    scores: scored.scores,
    foreground,
    imageScore: scored.imageScore,
    clusterSizes: [...scored.counts],
    milliseconds: {
      ...extracted.milliseconds,
      match: beforeCluster - beforeMatch,
      cluster: performance.now() - beforeCluster,
      map: 0,
    },
  };
}

async function supportImage(state: EngineState, image: EngineImage, settings: DinoAdSettings) {
  const { patches } = await state.features.get(image.pixels, settings);
  return {
    features: patches,
    foreground: await state.images.foreground(image.pixels, patches, settings.foreground),
  };
}

/** All patches count unless the query's background is masked: then the same rule as for the support image. */
async function queryForeground(
  state: EngineState,
  query: EngineImage,
  grid: { rows: number; columns: number },
  { foreground, maskQueryBackground }: DinoAdSettings,
) {
  return state.images.foreground(query.pixels, grid, maskQueryBackground ? foreground : { rule: 'all' });
}

export function scoreFeatures(
  _: EngineState,
  { support, foreground, query, k, seed }: EngineCalls['score-features']['request'],
): EngineCalls['score-features']['reply'] {
  const scored = scoreDinoAd({
    support: [{ features: support, foreground }],
    query,
    queryForeground: null,
    k,
    seed,
  });
  return { scores: scored.scores, imageScore: scored.imageScore, clusterSizes: [...scored.counts] };
}
