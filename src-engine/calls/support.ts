import type { EngineCalls, EngineImage, ScoreRequest } from '#shared/engine-protocol.ts';
import { createRandom } from '#shared/random.ts';
import type { Match } from '#shared/results.ts';
import { embeddingSimilarity } from '../methods/dino-ad/index.ts';
import type { DinoAdSettings } from '#shared/settings.ts';
import { type ExtractionSettings, extractionsOf } from '../features/feature-store.ts';
import type { EngineState } from '../state.ts';
import { poolEmbeddings, poolNamed } from './embeddings.ts';

export interface SupportMatch {
  readonly image: EngineImage;
  readonly similarity: number;
}

/** The pool images most similar to the query by cosine similarity of the embeddings (DINO-AD step 2). */
async function mostSimilar(
  state: EngineState,
  { query, poolKey }: Pick<ScoreRequest, 'query' | 'poolKey'>,
  extraction: ExtractionSettings,
  limit: number,
): Promise<SupportMatch[]> {
  const { images } = poolNamed(state, poolKey);
  const { index } = await poolEmbeddings(state, poolKey, extraction);
  const embedding = await state.features.embedding(query.pixels, extraction);
  return index
    .nearest(embedding, limit)
    .map((row) => ({ image: images[row.index]!, similarity: row.similarity }));
}

export async function match(state: EngineState, request: EngineCalls['match']['request']): Promise<Match[]> {
  const [extraction] = extractionsOf(request.features);
  const ranked = await mostSimilar(state, request, extraction, request.limit);
  return ranked.map(({ image, similarity }) => ({ imageId: image.id, similarity }));
}

/** Support images of one query with their similarity, by the run's choice. */
export async function chooseSupport(
  state: EngineState,
  request: ScoreRequest,
  settings: DinoAdSettings,
): Promise<SupportMatch[]> {
  const { query, poolKey } = request;
  const { support, seed } = settings;
  const { images } = poolNamed(state, poolKey);
  const pinned = support.kind === 'matched' ? settings.pinned : [];
  const present = images.filter(({ id }) => pinned.includes(id));
  if (support.kind === 'matched' && present.length === 0) {
    return mostSimilar(state, request, settings, support.count);
  }
  const byId = new Map(images.map((image) => [image.id, image]));
  const embedding = await state.features.embedding(query.pixels, settings);
  const withSimilarity = (chosen: readonly EngineImage[]) =>
    Promise.all(
      chosen.map(async (image) => ({
        image,
        similarity: embeddingSimilarity(await state.features.embedding(image.pixels, settings), embedding),
      })),
    );
  switch (support.kind) {
    case 'matched': {
      const ranked = await mostSimilar(state, request, settings, support.count + present.length);
      const others = ranked.filter(({ image }) => !present.includes(image));
      const room = Math.max(0, support.count - present.length);
      return [...(await withSimilarity(present)), ...others.slice(0, room)];
    }
    case 'random':
      return withSimilarity(draw(images, support.count, seed, query.pixels.sha256));
    case 'chosen':
      // In the order they were picked.
      return withSimilarity(support.images.flatMap((id) => byId.get(id) ?? []));
  }
}

/** Drawn anew for every query, but always the same for the same query and seed. */
function draw(from: readonly EngineImage[], count: number, seed: number, query: string): EngineImage[] {
  const random = createRandom((seed ^ Number.parseInt(query.slice(0, 8), 16)) >>> 0);
  // Order of the pool, not of similarity: the draw must not depend on the model.
  const rest = from.toSorted((a, b) => a.id - b.id);
  return Array.from(
    { length: Math.min(count, rest.length) },
    () => rest.splice(random.integer(rest.length), 1)[0]!,
  );
}
