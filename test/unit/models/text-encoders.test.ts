import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbeddingLog } from '#engine/features/embedding-log.ts';
import { importTextModel } from '#engine/models/text/import-text-model.ts';
import { openTextEncoders } from '#engine/models/text/text-encoders.ts';
import { promptLists, promptsOf } from '#shared/prompts.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { writeTinyClip } from '../../support/tiny-models.ts';

const quiet = { signal: new AbortController().signal, progress: () => {} };
const sentences = promptsOf('metal nut', promptLists.industrial);

/** A workspace's models with a text encoder of this seed in it. */
async function imported(seed: number) {
  const folder = await temporaryFolder();
  const [source, models] = [join(folder, 'source'), join(folder, 'models')];
  writeTinyClip(source, seed);
  await mkdir(models);
  await importTextModel({ source, target: join(models, 'clip'), name: 'clip', precision: 'fp32' }, quiet);
  return { builtIn: folder, imported: models };
}

test('prompts are encoded once, also over the end of an engine', async () => {
  const folders = await imported(1);
  const folder = await temporaryFolder();
  const first = await openTextEncoders(folders, openEmbeddingLog(folder)).get('clip');
  const vectors = await first.encode(sentences);
  await first.release();
  expect(await readdir(folder)).toHaveLength(1);

  const log = openEmbeddingLog(folder);
  let written = 0;
  const counted = { ...log, put: (...record: Parameters<typeof log.put>) => (written++, log.put(...record)) };
  const second = await openTextEncoders(folders, counted).get('clip');
  expect(await second.encode(sentences)).toEqual(vectors);
  expect(written).toBe(0);
  await second.encode(promptsOf('screw', promptLists.industrial));
  expect(written).toBe(1);
  await second.release();
});

test('other weights have other vectors, whatever they are called', async () => {
  const folder = await temporaryFolder();
  const vectors: Float32Array[] = [];
  for (const seed of [1, 2]) {
    const encoder = await openTextEncoders(await imported(seed), openEmbeddingLog(folder)).get('clip');
    vectors.push(await encoder.encode(sentences));
    await encoder.release();
  }
  expect(vectors[0]).not.toEqual(vectors[1]);
});
