import { getEventListeners } from 'node:events';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { superviseEngine } from '#main/engine/engine.ts';
import { installation, spawnEngine } from '#main/installation.ts';
import { temporaryFolder } from '../support/temporary.ts';

test('calls of a job leave nothing on its signal, and are given up with it', async () => {
  const folder = await temporaryFolder();
  const engine = superviseEngine(spawnEngine, {
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
    device: 'cpu',
  });
  onTestFinished(() => engine.close());
  const job = new AbortController();
  const { signal } = job;
  expect(await engine.call('list-devices', undefined, 'job', { signal })).toContain('cpu');
  await expect(engine.call('check-model', { model: 'none' }, 'job', { signal })).rejects.toThrow('none');
  expect(getEventListeners(signal, 'abort')).toEqual([]);
  job.abort();
  await expect(engine.call('list-devices', undefined, 'job', { signal })).rejects.toMatchObject({
    kind: 'cancelled',
  });
});
