import { createHash } from 'node:crypto';
import type { PixelsInfo } from '#shared/domain.ts';
import type { Fit } from '#shared/methods/common.ts';
import type { FeatureSettings } from '#shared/methods/index.ts';
import type { EngineOptions } from '#shared/engine-protocol.ts';
import type { Extractors } from '../models/extractors.ts';
import { decodeFeatures, encodeFeatures, type ImageFeatures } from './feature-file.ts';
import { openDiskCache } from './disk-cache.ts';
import { openEmbeddingLog } from './embedding-log.ts';
import type { ImageReader } from './image-reader.ts';
import { LeastRecentlyUsed } from './lru.ts';

const megabyte = 1024 ** 2;

/** Everything the features of an image depend on besides its pixels. */
export interface ExtractionSettings {
  readonly model: string;
  readonly size: number;
  readonly fit: Fit;
  /** Counted from 1; null = the model's own output. */
  readonly layer: number | null;
}

/** One for every layer: features of each are cached on their own. */
export function extractionsOf({
  layers,
  ...rest
}: FeatureSettings): readonly [ExtractionSettings, ...ExtractionSettings[]] {
  const [first, ...others] = layers;
  return [{ ...rest, layer: first ?? null }, ...others.map((layer) => ({ ...rest, layer }))];
}

/** Milliseconds spent; 0 where the cache answered. */
export interface ExtractionTimes {
  readonly decode: number;
  readonly features: number;
}

export interface Extracted extends ImageFeatures {
  readonly milliseconds: ExtractionTimes;
}

const fromCache: ExtractionTimes = { decode: 0, features: 0 };

/** The same samples in another window are another image to a model. */
const contentOf = ({ sha256, window }: PixelsInfo): string =>
  window ? `${sha256} ${window.low} ${window.high}` : sha256;

/** Features by content: the same pixels, model and size are extracted once, in memory and on disk. */
export function openFeatureStore(
  { features: folder, embeddings: embeddingFolder, featureCacheBytes: limit }: EngineOptions,
  images: ImageReader,
  extractors: Extractors,
) {
  const memory = new LeastRecentlyUsed<string, ImageFeatures>(
    256 * megabyte,
    ({ patches, embedding }) => patches.data.byteLength + embedding.byteLength,
  );
  const disk = openDiskCache(folder, limit);
  const embeddings = openEmbeddingLog(embeddingFolder);
  const underWay = new Map<string, Promise<Extracted>>();

  const keyOf = async (
    pixels: PixelsInfo,
    { model, size, fit, layer }: ExtractionSettings,
  ): Promise<string> => {
    const extractor = await extractors.get(model);
    return createHash('sha256')
      .update(
        `${contentOf(pixels)} ${extractor.fingerprint} ${size} ${layer ?? ''}${fit === 'squash' ? '' : ` ${fit}`}`,
      )
      .digest('hex');
  };

  const kindOf = async ({ model, size, fit, layer }: ExtractionSettings): Promise<string> =>
    `${(await extractors.get(model)).fingerprint} ${size} ${fit} ${layer ?? ''}`;

  const remember = async (
    key: string,
    features: ImageFeatures,
    settings: ExtractionSettings,
  ): Promise<void> => {
    memory.set(key, features);
    await embeddings.put(await kindOf(settings), key, features.embedding);
  };

  const extract = async (
    key: string,
    pixels: PixelsInfo,
    settings: ExtractionSettings,
  ): Promise<Extracted> => {
    const { model, size, fit, layer } = settings;
    const stored = await disk.read(key);
    const cached = stored && decodeFeatures(stored);
    if (cached) {
      await remember(key, cached, settings);
      return { ...cached, milliseconds: fromCache };
    }
    const began = performance.now();
    const array = await images.pixels(pixels);
    const decoded = performance.now();
    const extractor = await extractors.get(model);
    const encoded = encodeFeatures(await extractor.extract(array, size, layer, fit));
    const milliseconds = { decode: decoded - began, features: performance.now() - decoded };
    await disk.write(key, encoded);
    const features = decodeFeatures(encoded);
    if (!features) throw new Error('features did not survive their own encoding');
    await remember(key, features, settings);
    return { ...features, milliseconds };
  };

  const get = async (pixels: PixelsInfo, settings: ExtractionSettings): Promise<Extracted> => {
    const key = await keyOf(pixels, settings);
    const present = memory.get(key);
    if (present) return { ...present, milliseconds: fromCache };
    const running = underWay.get(key);
    if (running) return running;
    const started = extract(key, pixels, settings).finally(() => underWay.delete(key));
    underWay.set(key, started);
    return started;
  };

  return {
    get,
    async embedding(pixels: PixelsInfo, settings: ExtractionSettings): Promise<Float32Array> {
      const { embeddingDimension } = (await extractors.get(settings.model)).entry;
      const kind = await kindOf(settings);
      const present = await embeddings.get(kind, embeddingDimension, await keyOf(pixels, settings));
      return present ?? (await get(pixels, settings)).embedding;
    },
  };
}

export type FeatureStore = ReturnType<typeof openFeatureStore>;
