import type {
  EngineCalls,
  EngineImage,
  ReferencePool,
  ScoredImage,
  ScoreRequest,
} from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { createRandom } from '#shared/random.ts';
import type { Match } from '#shared/results.ts';
import type { RunSettings } from '#shared/settings.ts';
import { rankEmbeddings, scoreDinoAd } from '../methods/dino-ad/index.ts';
import type { EngineState } from '../state.ts';

export function definePool({ pools }: EngineState, pool: ReferencePool): void {
  pools.set(pool.key, pool);
}

export async function prepare(
  { features }: EngineState,
  { image, settings }: EngineCalls['prepare']['request'],
): Promise<EngineCalls['prepare']['reply']> {
  return (await features.get(image.pixels, settings)).milliseconds;
}

/** Pool images ranked by cosine similarity of their embeddings to the query's (DINO-AD step 2). */
async function rank(
  state: EngineState,
  { query, poolKey, settings }: ScoreRequest,
): Promise<{ image: EngineImage; similarity: number }[]> {
  const pool = poolNamed(state, poolKey);
  const { embedding } = await state.features.get(query.pixels, settings);
  const embeddings = new Float32Array(pool.images.length * embedding.length);
  for (const [index, image] of pool.images.entries()) {
    embeddings.set(await state.features.embedding(image.pixels, settings), index * embedding.length);
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
async function chooseSupport(state: EngineState, request: ScoreRequest) {
  const { support, seed } = request.settings;
  const ranked = await rank(state, request);
  switch (support.kind) {
    case 'matched':
      return ranked.slice(0, support.count);
    case 'random':
      return draw(ranked, support.count, seed, request.query.pixels.sha256);
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

/** DINO-AD on one image, with the time each stage took. */
export async function score(state: EngineState, request: ScoreRequest): Promise<ScoredImage> {
  const { query, settings } = request;
  const extracted = await state.features.get(query.pixels, settings);
  const beforeMatch = performance.now();
  const support = await chooseSupport(state, request);
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
    similarity: scored.similarity,
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

async function supportImage(state: EngineState, image: EngineImage, settings: RunSettings) {
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
  { foreground, maskQueryBackground }: RunSettings,
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
  return { similarity: scored.similarity, imageScore: scored.imageScore, clusterSizes: [...scored.counts] };
}
