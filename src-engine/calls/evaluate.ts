import type { Comparison, Froc, Intervals } from '#shared/evaluation.ts';
import type { EngineCalls, EvaluationItem, Measured, ScoredSet } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { percentileInterval } from '#shared/resampling.ts';
import type { Evaluation, ImageFigures, ScoreHistogram } from '#shared/results.ts';
import { compareSets } from '../evaluation/compare.ts';
import { forEachMap, mapOf, setOfFiles, setOfRun, type ImageSet } from '../evaluation/image-set.ts';
import { measureImages } from '../evaluation/images.ts';
import { ownFigures, unknownFigures } from '../evaluation/per-image.ts';
import { pooledImages, poolPixels } from '../evaluation/pooled.ts';
import { resample, type FigureName } from '../evaluation/resampled.ts';
import {
  createFroc,
  createScoreHistogram,
  frocRates,
  imageFigures,
  type ScoreHistogram as Counts,
} from '../metrics/index.ts';
import type { EngineState } from '../state.ts';

const histogramBins = 64;

export async function figures(
  state: EngineState,
  request: EngineCalls['figures']['request'],
): Promise<ImageFigures> {
  const { width, height, truth, threshold } = request;
  const map = mapOf(request, request.scale);
  const mask = await state.images.truth(truth, width, height);
  if (!mask) {
    const predicted = map.data.reduce((count, score) => count + (score >= threshold ? 1 : 0), 0);
    return { auroc: null, ap: null, dice: null, iou: null, predicted, truth: null };
  }
  const { auroc, ap, dice, iou, predicted, truth: pixels } = imageFigures(map, mask, threshold);
  return { auroc, ap, dice, iou, predicted, truth: pixels };
}

/** Takes a part of a set's images; the parts come in order. */
export function addScores(
  { scoredSets }: EngineState,
  { key, from, items }: EngineCalls['add-scores']['request'],
): void {
  const present = from === 0 ? [] : itemsOf(scoredSets, { key, count: from });
  scoredSets.set(key, [...present, ...items]);
}

export function dropScores(
  { scoredSets }: EngineState,
  { key }: EngineCalls['drop-scores']['request'],
): void {
  scoredSets.delete(key);
}

function itemsOf(sets: EngineState['scoredSets'], { key, count }: ScoredSet): readonly EvaluationItem[] {
  const items = sets.get(key);
  // An engine that was started meanwhile knows nothing of what its predecessor was told.
  if (items?.length !== count) throw new Failure('engine-gone', 'The compute engine was started again.');
  return items;
}

/** Pooled and per-image figures of a run. Maps are drawn one at a time, as often as they are needed. */
export async function evaluate(
  state: EngineState,
  { set: scored, scale, scope, auproLimit }: EngineCalls['evaluate']['request'],
): Promise<Omit<Evaluation, 'runId'>> {
  const items = itemsOf(state.scoredSets, scored);
  const set = setOfRun(items, scale, state.images);
  const { indices, figures: pixel, curves, range } = await poolPixels(set, scope, auproLimit);
  const labelled = set.images.filter(({ label }) => label !== 'unknown');
  const image = measureImages(labelled);
  const threshold = pixel.f1maxThreshold ?? Infinity;
  const pixelHistogram = createHistogram(range);
  const pooled = new Set(indices);
  const own = set.images.map(unknownFigures);
  const known = set.images.flatMap((one, index) => (one.known ? [index] : []));
  await forEachMap(set, known, (map, truth, index) => {
    own[index] = ownFigures(set.images[index]!, map, truth, threshold);
    if (pooled.has(index)) pixelHistogram?.addMap(map, truth);
  });
  return {
    scale,
    scope,
    images: indices.length,
    labelledImages: labelled.length,
    unknownGroundTruth: set.images.filter(
      ({ label, known: yes }) => !yes && (scope === 'all' || label !== 'normal'),
    ).length,
    pixel,
    image: image.figures,
    calibration: image.calibration,
    curves: { pixel: curves, image: image.curves },
    histogram: { pixel: toHistogram(pixelHistogram?.result()), image: imageHistogram(set) },
    perImage: items.map(({ imageId, name, label, patient, imageScore }, index) => ({
      imageId,
      name,
      label,
      patient,
      imageScore,
      ...own[index]!,
    })),
  };
}

export async function froc(
  state: EngineState,
  { set: scored, scale, scope }: EngineCalls['froc']['request'],
): Promise<Froc> {
  const set = setOfRun(itemsOf(state.scoredSets, scored), scale, state.images);
  return frocOf(set, pooledImages(set, scope));
}

async function frocOf(set: ImageSet, indices: readonly number[]): Promise<Froc> {
  const builder = createFroc();
  await forEachMap(set, indices, (map, truth) => builder.add(map, truth));
  const { points, sensitivityAt, ...rest } = builder.result();
  return {
    ...rest,
    points: [...points],
    sensitivityAt: frocRates.map((rate, i) => ({ rate, value: sensitivityAt[i] ?? null })),
  };
}

export async function bootstrap(
  state: EngineState,
  { set: scored, scale, scope, auproLimit, options }: EngineCalls['bootstrap']['request'],
): Promise<Intervals> {
  const set = setOfRun(itemsOf(state.scoredSets, scored), scale, state.images);
  return intervalsOf(set, scope, auproLimit, options);
}

async function intervalsOf(
  set: ImageSet,
  scope: Evaluation['scope'],
  auproLimit: number,
  options: EngineCalls['bootstrap']['request']['options'],
): Promise<Intervals> {
  const { replicates, patients } = await resample(set, scope, auproLimit, options);
  const interval = (name: FigureName) => percentileInterval(replicates[name]);
  return {
    ...options,
    patients,
    pixel: {
      auroc: interval('pixel.auroc'),
      ap: interval('pixel.ap'),
      f1max: interval('pixel.f1max'),
      aupro: interval('pixel.aupro'),
    },
    image: { auroc: interval('image.auroc'), ap: interval('image.ap'), f1max: interval('image.f1max') },
  };
}

export async function compare(
  state: EngineState,
  { sets, scale, scope, auproLimit, options }: EngineCalls['compare']['request'],
): Promise<Omit<Comparison, 'runs'>> {
  const [first, second] = [itemsOf(state.scoredSets, sets[0]), itemsOf(state.scoredSets, sets[1])];
  const { rows, ...rest } = await compareSets(
    [setOfRun(first, scale, state.images), setOfRun(second, scale, state.images)],
    scope,
    auproLimit,
    options,
  );
  return { ...rest, scale, scope, perImage: rows.map((row, i) => ({ imageId: first[i]!.imageId, ...row })) };
}

function createHistogram({ low, high }: { low: number; high: number }) {
  return low < high ? createScoreHistogram(low, high, histogramBins) : undefined;
}

function imageHistogram({ images }: ImageSet): ScoreHistogram {
  const labelled = images.filter(({ label }) => label !== 'unknown');
  const scores = labelled.map(({ imageScore }) => imageScore);
  const builder = createHistogram({ low: Math.min(...scores), high: Math.max(...scores) });
  for (const { imageScore, label } of labelled) builder?.addScore(imageScore, label === 'abnormal');
  return toHistogram(builder?.result());
}

function toHistogram(counts: Counts | undefined): ScoreHistogram {
  if (!counts) return { edges: [], normal: [], abnormal: [] };
  const { min, max, normal, abnormal } = counts;
  const edges = Array.from(
    { length: normal.length + 1 },
    (_, bin) => min + ((max - min) * bin) / normal.length,
  );
  return { edges, normal: [...normal], abnormal: [...abnormal] };
}

/** Figures of maps and masks that people bring themselves. */
export async function measure(
  _: EngineState,
  { pairs, auproLimit, bootstrap: options, withFroc }: EngineCalls['measure']['request'],
): Promise<Measured> {
  const set = await setOfFiles(pairs);
  const { indices, figures: pixel, curves } = await poolPixels(set, 'all', auproLimit);
  const image = measureImages(set.images);
  return {
    pixel,
    image: image.figures,
    calibration: image.calibration,
    curves: { pixel: curves, image: image.curves },
    froc: withFroc ? await frocOf(set, indices) : null,
    intervals: options && (await intervalsOf(set, 'all', auproLimit, options)),
  };
}
