import type { EngineImage } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import type { DinoDpmmSettings, DpmmDistance } from '#shared/methods/dino-dpmm.ts';
import { mapRuleOf } from '#shared/methods/index.ts';
import { createRandom, type Random } from '#shared/random.ts';
import {
  type DpmmScore,
  type FitState,
  initialMixture,
  type Mixture,
  negativeMeanLogLikelihood,
  scoreDpmm,
  startFit,
  updateFit,
} from '../methods/dpmm/index.ts';
import { normaliseRows } from '../methods/linear-algebra/vectors.ts';
import type { MethodRunner, Tools } from './method-runner.ts';
import { aggregate, patchesOf } from './patches.ts';

/** Concentration at the start and weight of a new batch in the running statistics (DINO-DPMM, section 2). */
const alpha = 2;
const updateRate = 0.2;
const epsilon = 1e-16;
const regularisations = { diagonal: 1e-6, full: 1e-3 } as const;

type Meta = Pick<Mixture, 'k' | 'dimension' | 'kind'>;

export const dinoDpmm: MethodRunner<DinoDpmmSettings, Mixture> = {
  fitSettings: ({ components, covariance, epochs, batch, validation, seed }) => ({
    components,
    covariance,
    epochs,
    batch,
    validation,
    seed,
  }),

  async fit(tools, references, settings, out, report): Promise<Meta> {
    const { components, covariance, epochs, batch, validation, seed } = settings;
    const random = createRandom(seed);
    const shuffled = shuffle(references, random);
    const heldOut = Math.min(Math.floor(validation * references.length), references.length - 1);
    const [held, training] = [shuffled.slice(0, heldOut), shuffled.slice(heldOut)];
    const regularisation = regularisations[covariance];
    let state: FitState | undefined;
    let best: { mixture: Mixture; loss: number } | undefined;
    const batches = Math.ceil(training.length / batch);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const order = shuffle(training, random);
      for (let index = 0; index < batches; index++) {
        const rows = await unitRows(tools, order.slice(index * batch, (index + 1) * batch), settings);
        if (!state) {
          const k = Math.min(components, rows.data.length / rows.dimension);
          const start = { k, kind: covariance, alpha, regularisation, seed };
          state = startFit(initialMixture(rows.data, rows.dimension, start), alpha);
        }
        state = updateFit(state, rows.data, { regularisation, updateRate, epsilon });
        await report.step(epoch * batches + index + 1, epochs * batches);
      }
      if (!state) throw new Failure('invalid', 'DINO-DPMM needs at least one reference.');
      const { mixture } = state;
      const loss = held.length === 0 ? -epoch : await lossOf(tools, mixture, held, settings);
      if (!best || loss < best.loss) best = { mixture, loss };
    }
    if (!best) throw new Failure('invalid', 'DINO-DPMM needs at least one reference.');
    const { mixture } = best;
    await out.append('breaks', mixture.breaks);
    await out.append('means', mixture.means);
    await out.append('covariances', mixture.covariances);
    return { k: mixture.k, dimension: mixture.dimension, kind: mixture.kind };
  },

  async open(files) {
    return {
      ...(files.meta as Meta),
      breaks: await files.doubles('breaks'),
      means: await files.doubles('means'),
      covariances: await files.doubles('covariances'),
    };
  },

  async score(tools, query, mixture, settings) {
    const patches = await patchesOf(tools, query, settings);
    const { rows, columns, dimension } = patches;
    const unit = { ...patches, data: normaliseRows(patches.data, rows * columns, dimension) };
    const scores = distanceOf(scoreDpmm(mixture, unit), settings.distance);
    const foreground = await tools.images.foreground(query.pixels, patches, settings.foreground);
    const rule = mapRuleOf(settings);
    return {
      scores,
      foreground,
      imageScore: aggregate(scores, foreground, settings.aggregation, rule, query),
    };
  },
};

function distanceOf(score: DpmmScore, distance: DpmmDistance) {
  const squared = (map: DpmmScore['cosine']) => ({ ...map, data: map.data.map((value) => value * value) });
  switch (distance) {
    case 'cosine':
    case 'euclidean':
    case 'mahalanobis':
      return score[distance];
    case 'squared-euclidean':
      return squared(score.euclidean);
    case 'squared-mahalanobis':
      return squared(score.mahalanobis);
    case 'likelihood':
      return score.negativeLogLikelihood;
  }
}

function shuffle<T>(items: readonly T[], random: Random): T[] {
  const shuffled = [...items];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const other = random.integer(i + 1);
    [shuffled[i], shuffled[other]] = [shuffled[other]!, shuffled[i]!];
  }
  return shuffled;
}

/** Unit patch features of some images, one after the other. */
async function unitRows(tools: Tools, images: readonly EngineImage[], settings: DinoDpmmSettings) {
  const parts: Float32Array[] = [];
  let dimension = 1;
  for (const image of images) {
    const patches = await patchesOf(tools, image, settings);
    dimension = patches.dimension;
    parts.push(normaliseRows(patches.data, patches.rows * patches.columns, dimension));
  }
  const data = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return { data, dimension };
}

async function lossOf(
  tools: Tools,
  mixture: Mixture,
  images: readonly EngineImage[],
  settings: DinoDpmmSettings,
): Promise<number> {
  let sum = 0;
  for (const image of images) {
    sum += negativeMeanLogLikelihood(mixture, (await unitRows(tools, [image], settings)).data);
  }
  return sum / images.length;
}
