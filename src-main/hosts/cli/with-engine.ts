import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Engine, superviseEngine } from '#main/engine/engine.ts';
import { installation, spawnEngine } from '#main/installation.ts';

/** An engine without a workspace: what it may store goes to a folder that is removed afterwards. */
export async function withEngine<T>(work: (engine: Engine) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'nidus-'));
  const options = {
    blobs: join(folder, 'blobs'),
    thumbnails: join(folder, 'thumbnails'),
    features: join(folder, 'features'),
    embeddings: join(folder, 'embeddings'),
    models: join(installation, 'models'),
    importedModels: null,
    adapters: null,
    featureCacheBytes: 0,
    states: join(folder, 'states'),
    stateCacheBytes: 0,
    device: 'auto' as const,
  };
  const engine = superviseEngine(spawnEngine, options);
  try {
    return await work(engine);
  } finally {
    engine.close();
    await rm(folder, { recursive: true, force: true });
  }
}
