import type {
  EngineCalls,
  EngineImage,
  ReferencePool,
  ScoredImage,
  ScoreRequest,
} from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { DinoAdSettings } from '#shared/settings.ts';
import { scoreDinoAd } from '../methods/dino-ad/index.ts';
import { scoreWithAdDinov3 } from './score-ad-dinov3.ts';
import { scoreBrought } from '../scoring/score-features.ts';
import { scoreWithState, stateOf } from '../scoring/score-with.ts';
import type { EngineState } from '../state.ts';
import { fitSupportIndex, poolNamed } from './embeddings.ts';
import { chooseSupport } from './support.ts';

export function definePool({ pools }: EngineState, pool: ReferencePool): void {
  pools.set(pool.key, pool);
}

export async function prepare(
  { features }: EngineState,
  { image, features: wanted }: EngineCalls['prepare']['request'],
): Promise<EngineCalls['prepare']['reply']> {
  const total = { decode: 0, features: 0 };
  for (const { milliseconds } of await features.getLayers(image.pixels, wanted)) {
    total.decode += milliseconds.decode;
    total.features += milliseconds.features;
  }
  return total;
}

/** One method on one image, with the time each stage took. */
export function score(state: EngineState, request: ScoreRequest): Promise<ScoredImage> {
  const { settings } = request;
  if (settings.method === 'dino-ad') return scoreWithDinoAd(state, request, settings);
  if (settings.method === 'ad-dinov3') return scoreWithAdDinov3(state, request, settings);
  return scoreWithState(state, request, poolNamed(state, request.poolKey), settings);
}

export async function fit(
  state: EngineState,
  { ticket, poolKey, settings }: EngineCalls['fit']['request'],
): Promise<void> {
  if (settings.method === 'ad-dinov3') return;
  const pool = poolNamed(state, poolKey);
  if (settings.method === 'dino-ad') {
    if (settings.support.kind === 'matched')
      await state.fits.during(ticket, (report) => fitSupportIndex(state, pool, settings, report));
    return;
  }
  await state.fits.during(ticket, (report) => stateOf(state, pool, settings, report));
}

export const fitProgress = (
  { fits }: EngineState,
  { ticket }: EngineCalls['fit-progress']['request'],
): EngineCalls['fit-progress']['reply'] => fits.progress(ticket);

export const cancelFit = ({ fits }: EngineState, { ticket }: EngineCalls['cancel-fit']['request']): void =>
  fits.cancel(ticket);

/** DINO-AD's clusters of the support images of a query, and its score from them. */
export async function clusterSupport(state: EngineState, request: ScoreRequest, settings: DinoAdSettings) {
  const { query } = request;
  const extracted = await state.features.get(query.pixels, settings);
  const beforeMatch = performance.now();
  const support = await chooseSupport(state, request, settings);
  const beforeCluster = performance.now();
  const supportImages = await Promise.all(support.map(({ image }) => supportImage(state, image, settings)));
  const foreground = await queryForeground(state, query, extracted.patches, settings);
  const scored = scoreDinoAd({
    support: supportImages,
    query: extracted.patches,
    queryForeground: foreground,
    k: settings.k,
    seed: settings.seed,
  });
  const milliseconds = {
    ...extracted.milliseconds,
    match: beforeCluster - beforeMatch,
    cluster: performance.now() - beforeCluster,
    map: 0,
  };
  return { support, foreground, scored, milliseconds };
}

async function scoreWithDinoAd(
  state: EngineState,
  request: ScoreRequest,
  settings: DinoAdSettings,
): Promise<ScoredImage> {
  const { support, foreground, scored, milliseconds } = await clusterSupport(state, request, settings);
  return {
    support: support.map(({ image, similarity }) => ({ imageId: image.id, similarity })),
    scores: scored.scores,
    foreground,
    imageScore: scored.imageScore,
    clusterSizes: [...scored.counts],
    milliseconds,
  };
}

async function supportImage(state: EngineState, image: EngineImage, settings: DinoAdSettings) {
  const { patches } = await state.features.get(image.pixels, settings);
  return {
    features: patches,
    foreground: await state.images.foreground(image.pixels, patches, settings.foreground),
  };
}

/** All patches count unless the query's background is masked: then the same rule as for the support image. */
async function queryForeground(
  state: EngineState,
  query: EngineImage,
  grid: { rows: number; columns: number },
  { foreground, maskQueryBackground }: DinoAdSettings,
) {
  return state.images.foreground(query.pixels, grid, maskQueryBackground ? foreground : { rule: 'all' });
}

export async function scoreBroughtFeatures(
  { matcher }: EngineState,
  { references, queries, settings }: EngineCalls['score-brought']['request'],
): Promise<EngineCalls['score-brought']['reply']> {
  if (settings.method === 'dino-ad' || settings.method === 'ad-dinov3') {
    throw new Failure('bug', `${settings.method} takes its features another way.`);
  }
  return scoreBrought(matcher, references, queries, settings);
}

export function scoreFeatures(
  _: EngineState,
  { support, foreground, query, k, seed }: EngineCalls['score-features']['request'],
): EngineCalls['score-features']['reply'] {
  const scored = scoreDinoAd({
    support: [{ features: support, foreground }],
    query,
    queryForeground: null,
    k,
    seed,
  });
  return { scores: scored.scores, imageScore: scored.imageScore, clusterSizes: [...scored.counts] };
}
