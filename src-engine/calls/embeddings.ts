import type { ReferencePool } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { ExtractionSettings } from '../features/feature-store.ts';
import { EmbeddingIndex } from '../methods/linear-algebra/embedding-index.ts';
import type { EngineState } from '../state.ts';

export interface PoolEmbeddings {
  readonly index: EmbeddingIndex;
  /** images x dimension */
  readonly data: Float32Array;
}

/** Pools whose embeddings are kept together. */
const rememberedIndexes = 3;

export function poolNamed({ pools }: EngineState, key: string): ReferencePool {
  const pool = pools.get(key);
  if (!pool) throw new Failure('bug', `The engine does not know the reference pool ${key}.`);
  return pool;
}

/** The embeddings of a pool's images, to be searched; gathered once a pool and kind of extraction. */
export async function poolEmbeddings(
  state: EngineState,
  poolKey: string,
  settings: ExtractionSettings,
): Promise<PoolEmbeddings> {
  const { fingerprint } = await state.extractors.get(settings.model);
  const key = `${poolKey} ${fingerprint} ${settings.size} ${settings.fit} ${settings.layer ?? ''}`;
  const present = state.embeddingIndexes.get(key);
  if (present) return present;
  const gathering = gather(state, poolNamed(state, poolKey), settings);
  state.embeddingIndexes.set(key, gathering);
  gathering.catch(() => state.embeddingIndexes.delete(key));
  for (const oldest of [...state.embeddingIndexes.keys()].slice(0, -rememberedIndexes))
    state.embeddingIndexes.delete(oldest);
  return gathering;
}

async function gather(
  state: EngineState,
  { images }: ReferencePool,
  settings: ExtractionSettings,
): Promise<PoolEmbeddings> {
  let data = new Float32Array();
  let dimension = 0;
  for (const [index, { pixels }] of images.entries()) {
    const embedding = await state.features.embedding(pixels, settings);
    if (index === 0) {
      dimension = embedding.length;
      data = new Float32Array(images.length * dimension);
    }
    data.set(embedding, index * dimension);
  }
  return { index: new EmbeddingIndex(data, images.length, dimension), data };
}
