import { basename, extname } from 'node:path';
import { readFile } from 'node:fs/promises';
import { anomalyMap, imageScore } from '#shared/anomaly-map.ts';
import type { Mask, ScoreMap } from '#shared/arrays.ts';
import type { Scale, Scope } from '#shared/domain.ts';
import type { EngineCalls, EvaluationItem, Measured } from '#shared/engine-protocol.ts';
import { Failure } from '#shared/errors.ts';
import { fullMap } from '#shared/full-map.ts';
import { readNpy, toFloat32 } from '#shared/npy.ts';
import type { Evaluation, ImageFigures, RankingFigures, ScoreHistogram } from '#shared/results.ts';
import { decodeMask } from '../imaging/mask.ts';
import {
  createPixelMetrics,
  createScoreHistogram,
  imageFigures,
  imageRanking,
  type PixelMetrics,
  type ScoreHistogram as Counts,
} from '../metrics/index.ts';
import type { EngineState } from '../state.ts';

const histogramBins = 64;
/** FPR limit of AUPRO everywhere in the literature Nidus reproduces. */
const auproLimit = 0.3;

/** The anomaly map at the size of its image, where all pixel figures are taken. */
function mapOf(
  item: Pick<EvaluationItem, 'scores' | 'foreground' | 'mapRule' | 'width' | 'height'>,
  scale: Scale,
): ScoreMap {
  const map = anomalyMap(item.scores, item.foreground, scale);
  return fullMap(map, item.mapRule, item.height, item.width);
}

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

/** Pooled and per-image figures of a run. Maps are drawn one at a time, twice: only their scores are kept. */
export async function evaluate(
  state: EngineState,
  { items, scale, scope }: EngineCalls['evaluate']['request'],
): Promise<Omit<Evaluation, 'runId'>> {
  const truthOf = (item: EvaluationItem) => state.images.truth(item.truth, item.width, item.height);
  const pooled = items.filter(
    (item) => item.truth.kind !== 'unknown' && (scope === 'all' || item.label === 'abnormal'),
  );
  const pixels = createPixelMetrics(pooled.reduce((sum, { width, height }) => sum + width * height, 0));
  const range = { low: Infinity, high: -Infinity };
  for (const item of pooled) {
    const map = mapOf(item, scale);
    pixels.add(map, await known(truthOf(item)));
    for (const score of map.data) {
      if (score < range.low) range.low = score;
      if (score > range.high) range.high = score;
    }
  }
  const pixel = pixelFigures(pixels);
  const threshold = pixel.f1maxThreshold ?? Infinity;
  const pixelHistogram = createHistogram(range);
  const perImage: Evaluation['perImage'] = [];
  for (const item of items) {
    const mask = await truthOf(item);
    const map = mask && mapOf(item, scale);
    const own = mask && map && imageFigures(map, mask, threshold);
    if (map && pooled.includes(item)) pixelHistogram?.addMap(map, mask);
    perImage.push({
      imageId: item.imageId,
      name: item.name,
      label: item.label,
      imageScore: item.imageScore,
      auroc: own?.auroc ?? null,
      ap: own?.ap ?? null,
      dice: own?.dice ?? null,
      iou: own?.iou ?? null,
    });
  }
  const labelled = items.filter(({ label }) => label !== 'unknown');
  return {
    scale,
    scope,
    images: pooled.length,
    labelledImages: labelled.length,
    unknownGroundTruth: items.filter((item) => item.truth.kind === 'unknown' && inScope(item, scope)).length,
    pixel,
    image: imageRankingFigures(labelled),
    histogram: { pixel: toHistogram(pixelHistogram?.result()), image: imageHistogram(labelled) },
    perImage,
  };
}

const inScope = ({ label }: EvaluationItem, scope: Scope): boolean => scope === 'all' || label !== 'normal';

async function known(mask: Promise<Mask | undefined>): Promise<Mask> {
  const drawn = await mask;
  if (!drawn) throw new Error('an image without ground truth was pooled');
  return drawn;
}

function pixelFigures(pixels: PixelMetrics): Evaluation['pixel'] {
  const {
    auroc,
    ap,
    f1Max,
    f1Threshold,
    aupro,
    positives,
    pixels: count,
  } = pixels.result({ fprLimits: [auproLimit] });
  return {
    auroc,
    ap,
    f1max: f1Max,
    f1maxThreshold: f1Threshold,
    aupro: aupro[0]?.value ?? null,
    positives,
    count,
  };
}

function ranking(scores: readonly number[], labels: readonly number[]): RankingFigures {
  const figures = imageRanking(scores, labels);
  return {
    auroc: figures?.auroc ?? null,
    ap: figures?.ap ?? null,
    f1max: figures?.f1Max ?? null,
    f1maxThreshold: figures?.f1Threshold ?? null,
  };
}

const imageRankingFigures = (items: readonly EvaluationItem[]): RankingFigures =>
  ranking(
    items.map((item) => item.imageScore),
    items.map(({ label }) => (label === 'abnormal' ? 1 : 0)),
  );

function createHistogram({ low, high }: { low: number; high: number }) {
  return low < high ? createScoreHistogram(low, high, histogramBins) : undefined;
}

function imageHistogram(items: readonly EvaluationItem[]): ScoreHistogram {
  const scores = items.map((item) => item.imageScore);
  const builder = createHistogram({ low: Math.min(...scores), high: Math.max(...scores) });
  for (const item of items) builder?.addScore(item.imageScore, item.label === 'abnormal');
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

/** Figures of maps and masks that people bring themselves; an image's score is that of `imageScore`. */
export async function measure(
  _: EngineState,
  { pairs }: EngineCalls['measure']['request'],
): Promise<Measured> {
  const pixels = createPixelMetrics();
  const scores: number[] = [];
  const labels: number[] = [];
  for (const pair of pairs) {
    const map = await readMap(pair.map);
    const mask = await readMask(pair.mask, map);
    pixels.add(map, mask);
    scores.push(imageScore(map));
    labels.push(mask.data.includes(1) ? 1 : 0);
  }
  return { pixel: pixelFigures(pixels), image: ranking(scores, labels) };
}

async function readMap(path: string): Promise<ScoreMap> {
  const array = readNpy(await readFile(path), path);
  const [rows, columns] = array.shape;
  if (rows === undefined || columns === undefined || array.shape.length !== 2) {
    throw new Failure(
      'invalid',
      `${path}: a map is rows x columns, this array is ${array.shape.join(' x ')}.`,
    );
  }
  return { rows, columns, data: toFloat32(array) };
}

async function readMask(path: string, { rows, columns }: ScoreMap): Promise<Mask> {
  if (extname(path).toLowerCase() !== '.npy') {
    return decodeMask(path, { width: columns, height: rows, name: basename(path) });
  }
  const array = readNpy(await readFile(path), path);
  if (array.shape.join(' ') !== `${rows} ${columns}`) {
    throw new Failure(
      'invalid',
      `${path}: the mask is ${array.shape.join(' x ')}, its map ${rows} x ${columns}.`,
    );
  }
  return {
    width: columns,
    height: rows,
    data: Uint8Array.from(toFloat32(array), (value) => (value > 0 ? 1 : 0)),
  };
}
