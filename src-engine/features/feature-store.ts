import { createHash } from 'node:crypto';
import type { PixelsInfo } from '#shared/domain.ts';
import type { Fit } from '#shared/methods/common.ts';
import type { FeatureSettings } from '#shared/methods/index.ts';
import type { EngineOptions } from '#shared/engine-protocol.ts';
import { toFailure } from '#shared/errors.ts';
import type { Extractors } from '../models/extractors.ts';
import { wasGivenUp } from '../turns.ts';
import { contentOf } from './content.ts';
import { decodeFeatures, encodeFeatures, type ImageFeatures } from './feature-file.ts';
import { openDiskCache } from './disk-cache.ts';
import { openEmbeddingLog } from './embedding-log.ts';
import type { Inputs } from './inputs.ts';
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

interface Wanted {
  readonly key: string;
  readonly settings: ExtractionSettings;
}

const fromCache: ExtractionTimes = { decode: 0, features: 0 };

/** Features by content: the same pixels, model and size are extracted once, in memory and on disk. */
export function openFeatureStore(
  { features: folder, embeddings: embeddingFolder, featureCacheBytes: limit }: EngineOptions,
  inputs: Inputs,
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

  const fromDisk = async (key: string, settings: ExtractionSettings): Promise<Extracted | undefined> => {
    const stored = await disk.read(key);
    const cached = stored && decodeFeatures(stored);
    if (!cached) return undefined;
    await remember(key, cached, settings);
    return { ...cached, milliseconds: fromCache };
  };

  const keep = async ({ key, settings }: Wanted, computed: ImageFeatures): Promise<ImageFeatures> => {
    const encoded = encodeFeatures(computed);
    await disk.write(key, encoded);
    const features = decodeFeatures(encoded);
    if (!features) throw new Error('features did not survive their own encoding');
    await remember(key, features, settings);
    return features;
  };

  /** Layers of one image: what is not on the disk comes out of one run, whose time the first of them has. */
  const extract = async (pixels: PixelsInfo, wanted: readonly Wanted[]): Promise<Extracted[]> => {
    const stored = await Promise.all(wanted.map(({ key, settings }) => fromDisk(key, settings)));
    const missing = wanted.filter((_, index) => stored[index] === undefined);
    const [first] = missing;
    if (!first) return stored.flatMap((one) => one ?? []);
    const extractor = await extractors.get(first.settings.model);
    const { size, fit } = first.settings;
    const made = await inputs.make(pixels, extractor.preparation(size, fit));
    const layers = missing.map(({ settings }) => settings.layer);
    const run = await extractor.features(made.input, layers);
    const computed = await Promise.all(run.layers.map((features, index) => keep(missing[index]!, features)));
    const spent = { decode: made.milliseconds, features: run.milliseconds };
    return wanted.map(
      (one, index) =>
        stored[index] ?? {
          ...computed[missing.indexOf(one)]!,
          milliseconds: one === first ? spent : fromCache,
        },
    );
  };

  /** Joins an extraction that is under way; one that its own call gave up is taken up again for this one. */
  const join = async (
    running: Promise<Extracted>,
    pixels: PixelsInfo,
    settings: ExtractionSettings,
  ): Promise<Extracted> => {
    try {
      return { ...(await running), milliseconds: fromCache };
    } catch (error) {
      if (toFailure(error).kind !== 'cancelled' || wasGivenUp()) throw error;
      return get(pixels, settings);
    }
  };

  /** Features of one image in extractions that differ in the layer alone. */
  const getAll = async (
    pixels: PixelsInfo,
    extractions: readonly ExtractionSettings[],
  ): Promise<Extracted[]> => {
    const all = await Promise.all(
      extractions.map(async (settings): Promise<Wanted> => ({
        key: await keyOf(pixels, settings),
        settings,
      })),
    );
    const found = new Map<string, Extracted | Promise<Extracted>>();
    for (const { key, settings } of all) {
      const present = memory.get(key);
      const running = underWay.get(key);
      if (present) found.set(key, { ...present, milliseconds: fromCache });
      else if (running) found.set(key, join(running, pixels, settings));
    }
    const missing = all.filter(({ key }) => !found.has(key));
    const extracting = missing.length > 0 ? extract(pixels, missing) : undefined;
    for (const [index, { key }] of missing.entries()) {
      const one = extracting!.then((extracted) => extracted[index]!).finally(() => underWay.delete(key));
      underWay.set(key, one);
      found.set(key, one);
    }
    return Promise.all(all.map(({ key }) => found.get(key)!));
  };

  const get = async (pixels: PixelsInfo, settings: ExtractionSettings): Promise<Extracted> =>
    (await getAll(pixels, [settings]))[0]!;

  return {
    get,
    /** Features of every layer that is asked for, first layer first. */
    getLayers: (pixels: PixelsInfo, settings: FeatureSettings): Promise<Extracted[]> =>
      getAll(pixels, extractionsOf(settings)),
    async embedding(pixels: PixelsInfo, settings: ExtractionSettings): Promise<Float32Array> {
      const { embeddingDimension } = (await extractors.get(settings.model)).entry;
      const kind = await kindOf(settings);
      const present = await embeddings.get(kind, embeddingDimension, await keyOf(pixels, settings));
      return present ?? (await get(pixels, settings)).embedding;
    },
  };
}

export type FeatureStore = ReturnType<typeof openFeatureStore>;
