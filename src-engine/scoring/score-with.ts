import { createHash } from 'node:crypto';
import type { ReferencePool, ScoredImage, ScoreRequest } from '#shared/engine-protocol.ts';
import { featuresOf } from '#shared/methods/index.ts';
import type { RunSettings } from '#shared/settings.ts';
import type { EngineState } from '../state.ts';
import { anomalyDino } from './anomaly-dino.ts';
import { anomalyDinoBatched } from './anomaly-dino-batched.ts';
import { dinoDpmm } from './dino-dpmm.ts';
import type { FitReport, MethodRunner } from './method-runner.ts';
import { padim } from './padim.ts';
import { patchCore } from './patchcore.ts';

/** Part of every key: states from before a change of a fit must not meet scores from after it. */
const STATE_VERSION = 1;

/** Methods with a state; DINO-AD takes its support images anew for every query, AD-DINOv3 has none. */
export type FittedSettings = Exclude<RunSettings, { method: 'dino-ad' | 'ad-dinov3' }>;

const runners = {
  'anomaly-dino': anomalyDino,
  'anomaly-dino-batched': anomalyDinoBatched,
  patchcore: patchCore,
  padim,
  'dino-dpmm': dinoDpmm,
};

/** The table ties a runner to the settings of its method, which the compiler cannot follow through a lookup. */
export const runnerOf = (settings: FittedSettings) =>
  runners[settings.method] as unknown as MethodRunner<FittedSettings, unknown>;

/** Names a state by all it depends on: method, settings of its fit, features, model bytes and the references' pixels. */
async function stateKey(
  { extractors }: EngineState,
  pool: ReferencePool,
  settings: FittedSettings,
): Promise<string> {
  const { fingerprint } = await extractors.get(settings.model);
  const { size, fit, layers } = featuresOf(settings);
  const own = runnerOf(settings).fitSettings(settings);
  const hash = createHash('sha256');
  hash.update(JSON.stringify([STATE_VERSION, settings.method, own, fingerprint, size, fit, layers]));
  for (const { id, pixels } of pool.images) hash.update(`\n${id} ${JSON.stringify(pixels)}`);
  return hash.digest('hex');
}

const silent: FitReport = { step: () => new Promise((resolve) => setImmediate(resolve)) };

/** The state of a method on a pool: open, from disk, or fitted now. */
export async function stateOf(
  state: EngineState,
  pool: ReferencePool,
  settings: FittedSettings,
  report: FitReport = silent,
): Promise<unknown> {
  const runner = runnerOf(settings);
  return state.states.get(
    await stateKey(state, pool, settings),
    (out) => runner.fit(state, pool.images, settings, out, report),
    (files) => runner.open(files),
  );
}

/** A fitted method on one image. */
export async function scoreWithState(
  state: EngineState,
  { query }: ScoreRequest,
  pool: ReferencePool,
  settings: FittedSettings,
): Promise<ScoredImage> {
  const milliseconds = { decode: 0, features: 0, match: 0, cluster: 0, map: 0 };
  for (const extracted of await state.features.getLayers(query.pixels, featuresOf(settings))) {
    milliseconds.decode += extracted.milliseconds.decode;
    milliseconds.features += extracted.milliseconds.features;
  }
  const beforeFit = performance.now();
  const fitted = await stateOf(state, pool, settings);
  const beforeMap = performance.now();
  const scored = await runnerOf(settings).score(state, query, fitted, settings);
  return {
    ...scored,
    support: [],
    clusterSizes: [],
    milliseconds: {
      ...milliseconds,
      cluster: beforeMap - beforeFit,
      map: performance.now() - beforeMap,
    },
  };
}
