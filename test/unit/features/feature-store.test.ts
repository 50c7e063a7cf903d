/** Extraction as runs use it: inputs made in a thread, layers of an image from one run, several images on their way. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writePixels } from '#engine/imaging/storage.ts';
import { importModel } from '#engine/models/import-model.ts';
import { openEngine } from '#engine/state.ts';
import { oneAtATime, onBehalfOf } from '#engine/turns.ts';
import type { PixelsInfo } from '#shared/domain.ts';
import { temporaryFolder } from '../../support/temporary.ts';
import { tinyDinov3, writeModelFolder } from '../../support/tiny-models.ts';

const size = 32;

async function prepared(images: number) {
  const folder = await temporaryFolder();
  const source = writeModelFolder(join(folder, 'source'), tinyDinov3(1, { layers: 3, patch: 16 }));
  const models = join(folder, 'models');
  await importModel(
    { source, target: join(models, 'tiny'), name: 'tiny', precision: 'fp32' },
    { signal: new AbortController().signal, progress: () => {} },
  );
  const state = openEngine({
    blobs: join(folder, 'blobs'),
    thumbnails: join(folder, 'thumbnails'),
    features: join(folder, 'features'),
    embeddings: join(folder, 'embeddings'),
    models: join(import.meta.dirname, '../../../models'),
    importedModels: models,
    adapters: null,
    featureCacheBytes: 1e8,
    states: join(folder, 'states'),
    stateCacheBytes: 0,
    device: 'cpu',
  });
  const pixels: PixelsInfo[] = [];
  for (let image = 0; image < images; image++) {
    const data = Uint16Array.from({ length: 50 * 40 }, (_, i) => (i * (37 + image)) % 4096);
    pixels.push(
      await writePixels(join(folder, 'blobs'), { width: 50, height: 40, channels: 1, bits: 12, data }),
    );
  }
  return { state, pixels };
}

const features = { model: 'tiny', size, fit: 'squash', layers: [1, 3] } as const;

test('layers come out of one run, as they would one by one', async () => {
  const { state, pixels } = await prepared(1);
  const [info] = pixels;
  const [first, third] = await state.features.getLayers(info!, { ...features, layers: [...features.layers] });
  expect([first!.milliseconds.features > 0, third!.milliseconds.features]).toEqual([true, 0]);
  const extractor = await state.extractors.get('tiny');
  const image = await state.images.pixels(info!);
  for (const [layer, got] of [
    [1, first!],
    [3, third!],
  ] as const) {
    const { patches } = await extractor.extract(image, size, layer);
    expect(got.patches.data).toEqual(new Float32Array(new Float16Array(patches.data)));
  }
  const [again] = await state.features.getLayers(info!, { ...features, layers: [3] });
  expect(again!.milliseconds).toEqual({ decode: 0, features: 0 });
});

test('an image of another window is another input, and a missing one is named', async () => {
  const { state, pixels } = await prepared(1);
  const [info] = pixels;
  const settings = { model: 'tiny', size, fit: 'squash', layer: null } as const;
  const plain = await state.features.get(info!, settings);
  const windowed = await state.features.get({ ...info!, window: { low: 0, high: 500 } }, settings);
  expect(windowed.patches.data).not.toEqual(plain.patches.data);
  await expect(state.features.get({ ...info!, sha256: 'a'.repeat(64) }, settings)).rejects.toMatchObject({
    kind: 'not-found',
  });
});

test('who waits for the extraction of a call that was given up still gets it', async () => {
  const { state, pixels } = await prepared(1);
  const settings = { model: 'tiny', size, fit: 'squash', layer: null } as const;
  const controller = new AbortController();
  const { promise: held, resolve: letGo } = Promise.withResolvers<void>();
  const holding = oneAtATime(() => held);
  const given = onBehalfOf({ urgency: 'job', signal: controller.signal }, () =>
    state.features.get(pixels[0]!, settings),
  );
  given.catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 50));
  const waiting = onBehalfOf({ urgency: 'job', signal: new AbortController().signal }, () =>
    state.features.get(pixels[0]!, settings),
  );
  // Time for the input to be made, so that both wait for the model.
  await new Promise((resolve) => setTimeout(resolve, 400));
  controller.abort();
  letGo();
  await holding;
  await expect(given).rejects.toMatchObject({ kind: 'cancelled' });
  expect((await waiting).patches.dimension).toBeGreaterThan(0);
});

test('many images at once are the same as one after the other', async () => {
  const { state, pixels } = await prepared(6);
  const settings = { model: 'tiny', size, fit: 'squash', layer: null } as const;
  const together = await Promise.all(pixels.map((info) => state.features.get(info, settings)));
  const extractor = await state.extractors.get('tiny');
  for (const [index, info] of pixels.entries()) {
    const { patches } = await extractor.extract(await state.images.pixels(info), size);
    expect(together[index]!.patches.data).toEqual(new Float32Array(new Float16Array(patches.data)));
  }
});
