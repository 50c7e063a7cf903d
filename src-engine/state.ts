import type { EngineOptions, EvaluationItem, ReferencePool } from '#shared/engine-protocol.ts';
import { type FeatureStore, openFeatureStore } from './features/feature-store.ts';
import type { PoolEmbeddings } from './calls/embeddings.ts';
import { type ImageReader, openImageReader } from './features/image-reader.ts';
import { openEmbeddingLog } from './features/embedding-log.ts';
import { type Inputs, openInputs } from './features/inputs.ts';
import { type Matcher, openMatcher } from './matching/matcher.ts';
import { openSliceSources, type SliceSources } from './imaging/slice-sources.ts';
import { type Extractors, openExtractors } from './models/extractors.ts';
import { type LevelStore, openLevelStore } from './adapters/level-store.ts';
import { openReadyAdapters, type ReadyAdapters } from './adapters/ready-adapters.ts';
import { openTextEncoders, type TextEncoders } from './models/text/text-encoders.ts';

import { type FitTickets, fitTickets } from './scoring/fit-tickets.ts';
import { openStateStore, type StateStore } from './scoring/state-store.ts';

/** What a running engine holds: loaded models, caches and the pools it was told. All of it can be made again. */
export interface EngineState {
  readonly options: EngineOptions;
  readonly images: ImageReader;
  readonly sources: SliceSources;
  readonly extractors: Extractors;
  readonly textEncoders: TextEncoders;
  readonly readyAdapters: ReadyAdapters;
  readonly inputs: Inputs;
  /** Levels of images for AD-DINOv3. */
  readonly levels: LevelStore;
  readonly features: FeatureStore;
  readonly matcher: Matcher;
  readonly states: StateStore;
  readonly fits: FitTickets;
  readonly pools: Map<string, ReferencePool>;
  /** Embeddings of whole pools, see `calls/embeddings.ts`. */
  readonly embeddingIndexes: Map<string, Promise<PoolEmbeddings>>;
  /** Scored images while somebody evaluates them. */
  readonly scoredSets: Map<string, readonly EvaluationItem[]>;
}

export function openEngine(
  options: EngineOptions,
  inputWorker = new URL('./input-worker.ts', import.meta.url),
): EngineState {
  const sources = openSliceSources();
  const images = openImageReader(options.blobs, sources);
  const inputs = openInputs(options.blobs, images, inputWorker);
  const extractors = openExtractors(options.models, options.importedModels, options.device);
  const textEncoders = openTextEncoders(
    { builtIn: options.models, imported: options.importedModels },
    openEmbeddingLog(options.embeddings),
  );
  return {
    options,
    images,
    sources,
    extractors,
    textEncoders,
    inputs,
    levels: openLevelStore(inputs),
    features: openFeatureStore(options, inputs, extractors),
    readyAdapters: openReadyAdapters(options.adapters, textEncoders, options.device),
    matcher: openMatcher(options.device),
    states: openStateStore(options.states, options.stateCacheBytes),
    fits: fitTickets(),
    pools: new Map(),
    embeddingIndexes: new Map(),
    scoredSets: new Map(),
  };
}
