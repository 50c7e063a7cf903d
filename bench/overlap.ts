/**
 * `npm run bench -- overlap`: features of stored images one after the other, and as a run takes them, several on their way at once.
 * What the second saves is reading and resizing that happen while another image is in the model.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writePixels } from '#engine/imaging/storage.ts';
import { importModel } from '#engine/models/import-model.ts';
import { openEngine } from '#engine/state.ts';
import type { PixelsInfo } from '#shared/domain.ts';
import { createRandom } from '#shared/random.ts';
import { tinyDinov3, writeModelFolder } from '../test/support/tiny-models.ts';
import { printTable } from './table.ts';
import { vitSmall } from './vits.ts';

const images = 16;
/** As many as a run has on their way. */
const atOnce = 6;
const pictures = [
  { what: 'colour, 2448 x 2048', width: 2448, height: 2048, channels: 3 },
  { what: 'grey, 512 x 512, 12 bit', width: 512, height: 512, channels: 1 },
] as const;
const quiet = { signal: new AbortController().signal, progress: () => {} };

export async function benchOverlap(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'nidus-bench-'));
  try {
    const source = writeModelFolder(join(folder, 'source'), tinyDinov3(1, vitSmall));
    for (const precision of ['fp32', 'int8'] as const) {
      const target = join(folder, 'models', precision);
      await importModel({ source, target, name: precision, precision }, quiet);
    }
    for (const picture of pictures) {
      const stored = await storeImages(join(folder, 'blobs'), picture);
      for (const model of ['scatter16', 'int8', 'fp32']) await compare(folder, model, picture.what, stored);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function storeImages(
  blobs: string,
  { width, height, channels }: (typeof pictures)[number],
): Promise<PixelsInfo[]> {
  const stored: PixelsInfo[] = [];
  for (let image = 0; image < images; image++) {
    const random = createRandom(image);
    const noise = Uint8Array.from({ length: 65_521 }, () => random.next() * 24);
    const length = width * height * channels;
    const data =
      channels === 3
        ? Uint8Array.from({ length }, (_, i) => ((i >> 7) & 127) + noise[i % noise.length]!)
        : Uint16Array.from({ length }, (_, i) => ((i >> 3) & 2047) + noise[i % noise.length]!);
    stored.push(await writePixels(blobs, { width, height, channels, bits: channels === 3 ? 8 : 12, data }));
  }
  return stored;
}

async function compare(
  folder: string,
  model: string,
  what: string,
  stored: readonly PixelsInfo[],
): Promise<void> {
  // Nothing is cached, so that each way does all the work.
  const open = () =>
    openEngine({
      blobs: join(folder, 'blobs'),
      thumbnails: join(folder, 'thumbnails'),
      features: join(folder, 'features'),
      embeddings: join(folder, 'embeddings', String(performance.now())),
      models: join(import.meta.dirname, '../models'),
      importedModels: join(folder, 'models'),
      adapters: null,
      featureCacheBytes: 0,
      states: join(folder, 'states'),
      stateCacheBytes: 0,
      device: 'cpu',
    });
  const settings = { model, size: 448, fit: 'squash', layer: null } as const;
  const times: number[] = [];
  let [decode, features] = [0, 0];
  for (const lanes of [1, atOnce]) {
    const state = open();
    const [first, ...rest] = stored;
    await state.features.get(first!, settings);
    const began = performance.now();
    const queue = rest.values();
    const lane = async () => {
      for (const info of queue) {
        const { milliseconds } = await state.features.get(info, settings);
        if (lanes > 1) continue;
        decode += milliseconds.decode / rest.length;
        features += milliseconds.features / rest.length;
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    times.push((performance.now() - began) / rest.length);
    await state.extractors.close(model);
  }
  const [apart = 0, together = 0] = times;
  printTable(`${model === 'scatter16' ? model : `ViT-S/16 ${model}`} at 448, ${what}`, [
    { what: 'read and made ready', value: decode, unit: 'ms/image' },
    { what: 'in the model', value: features, unit: 'ms/image' },
    { what: 'one after the other', value: apart, unit: 'ms/image' },
    {
      what: `${atOnce} on their way`,
      value: together,
      unit: 'ms/image',
      note: `${(apart / together).toFixed(2)} times faster; ${((100 * (apart - together)) / decode).toFixed(0)} % of the reading hidden`,
    },
  ]);
}
