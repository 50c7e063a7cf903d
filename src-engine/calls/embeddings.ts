import { createHash } from 'node:crypto';
import type { ReferencePool } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { ExtractionSettings } from '../features/feature-store.ts';
import { EmbeddingIndex } from '../methods/linear-algebra/embedding-index.ts';
import type { FitReport } from '../scoring/method-runner.ts';
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

/** Part of every key: states from before a change of what is stored must not be read after it. */
const STATE_VERSION = 1;

async function keyOf({ extractors }: EngineState, poolKey: string, settings: ExtractionSettings) {
  const { fingerprint } = await extractors.get(settings.model);
  return `${poolKey} ${fingerprint} ${settings.size} ${settings.fit} ${settings.layer ?? ''}`;
}

function remember(state: EngineState, key: string, embeddings: Promise<PoolEmbeddings>): void {
  state.embeddingIndexes.set(key, embeddings);
  embeddings.catch(() => state.embeddingIndexes.delete(key));
  for (const oldest of [...state.embeddingIndexes.keys()].slice(0, -rememberedIndexes))
    state.embeddingIndexes.delete(oldest);
}

/** The embeddings of a pool's images, to be searched; gathered once a pool and kind of extraction. */
export async function poolEmbeddings(
  state: EngineState,
  poolKey: string,
  settings: ExtractionSettings,
): Promise<PoolEmbeddings> {
  const key = await keyOf(state, poolKey, settings);
  const present = state.embeddingIndexes.get(key);
  if (present) return present;
  const gathering = gather(state, poolNamed(state, poolKey), settings).then(indexOf);
  remember(state, key, gathering);
  return gathering;
}

/**
 * The state of DINO-AD: the embeddings its support images are found by, stored under all they depend on. Only runs keep one:
 * pools that lack an image for an explanation or a calibration come by the thousand and stay in memory.
 */
export async function fitSupportIndex(
  state: EngineState,
  pool: ReferencePool,
  settings: ExtractionSettings,
  report: FitReport,
): Promise<void> {
  const key = await keyOf(state, pool.key, settings);
  const { fingerprint } = await state.extractors.get(settings.model);
  const { size, fit, layer } = settings;
  const hash = createHash('sha256');
  hash.update(JSON.stringify([STATE_VERSION, 'support index', fingerprint, size, fit, layer]));
  for (const { id, pixels } of pool.images) hash.update(`\n${id} ${JSON.stringify(pixels)}`);
  const opening = state.states.get(
    hash.digest('hex'),
    async (out) => {
      const { data, dimension } = await gather(state, pool, settings, report);
      await out.append('embeddings', data);
      return { dimension };
    },
    async (files) => {
      const { dimension } = files.meta as { dimension: number };
      return indexOf({ data: await files.floats('embeddings'), dimension });
    },
  );
  remember(state, key, opening);
  await opening;
}

interface Gathered {
  readonly data: Float32Array;
  readonly dimension: number;
}

const indexOf = ({ data, dimension }: Gathered): PoolEmbeddings => ({
  index: new EmbeddingIndex(data, data.length / Math.max(dimension, 1), dimension),
  data,
});

async function gather(
  state: EngineState,
  { images }: ReferencePool,
  settings: ExtractionSettings,
  report?: FitReport,
): Promise<Gathered> {
  let data = new Float32Array();
  let dimension = 0;
  for (const [index, { pixels }] of images.entries()) {
    const embedding = await state.features.embedding(pixels, settings);
    if (index === 0) {
      dimension = embedding.length;
      data = new Float32Array(images.length * dimension);
    }
    data.set(embedding, index * dimension);
    await report?.step(index + 1, images.length);
  }
  return { data, dimension };
}
