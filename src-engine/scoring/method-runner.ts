import type { PatchMask, ScoreMap } from '#shared/arrays.ts';
import type { EngineImage, ScoredImage } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { FeatureStore } from '../features/feature-store.ts';
import type { ImageReader } from '../features/image-reader.ts';
import type { Matcher } from '../matching/matcher.ts';
import type { Extractors } from '../models/extractors.ts';
import type { StateFiles, StateWriter } from './state-store.ts';

/** What a method may use. */
export interface Tools {
  readonly images: Omit<ImageReader, 'keep'>;
  readonly extractors: Pick<Extractors, 'get'>;
  readonly features: FeatureStore;
  readonly matcher: Matcher;
}

/** How far a fit is, and whether it is still wanted. */
export interface FitReport {
  /** Tells how far it is and lets others have their turn. @throws Failure `cancelled` when nobody wants it any more */
  step(done: number, total: number): Promise<void>;
}

export interface Scored {
  /** Every patch, masked or not. */
  readonly scores: ScoreMap;
  readonly foreground: PatchMask;
  readonly imageScore: number;
}

/** A method with a state: fitted once on its references, then used for any number of queries. */
export interface MethodRunner<S, F> {
  /** The settings a state depends on, besides features and references. */
  fitSettings(settings: S): unknown;
  /** Writes what it learns; answers with what else `open` needs, as JSON. */
  fit(
    tools: Tools,
    references: readonly EngineImage[],
    settings: S,
    out: StateWriter,
    report: FitReport,
  ): Promise<unknown>;
  open(files: StateFiles): Promise<F>;
  score(tools: Tools, query: EngineImage, state: F, settings: S): Promise<Scored>;
}

export type Times = ScoredImage['milliseconds'];

/** @throws Failure `invalid` when a method would need more memory than a fit may take */
export function assertMemory(bytes: number, what: string): void {
  const limit = 2 * 1024 ** 3;
  if (bytes <= limit) return;
  throw new Failure(
    'invalid',
    `${what} would take ${(bytes / 1024 ** 3).toFixed(1)} GB of memory; up to 2 GB are allowed. Take fewer shots, a smaller image size or fewer channels.`,
  );
}
