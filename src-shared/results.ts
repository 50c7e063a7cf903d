/** What a run leaves behind, and what is computed from it. */
import { z } from 'zod';
import {
  FailureInfo,
  GroundTruth,
  ImageId,
  JobState,
  Label,
  ReferenceSetId,
  RunId,
  Scale,
  Scope,
  StudyId,
} from './domain.ts';
import { Calibration, EvaluationCurves, RegionFigures, SensitivityAt } from './evaluation.ts';
import { RunSettings } from './settings.ts';

/** A map or mask on the patch grid, as the contract carries it: row-major numbers. */
export const GridValues = z.object({ rows: z.int(), columns: z.int(), data: z.array(z.number()) });
export type GridValues = z.infer<typeof GridValues>;

/** A normal image and the cosine similarity of its embedding to the query's. */
export const Match = z.object({ imageId: ImageId, similarity: z.number() });
export type Match = z.infer<typeof Match>;

/** Milliseconds by stage; a stage answered from the cache counts as 0. */
export const StageTimes = z.object({
  decode: z.number(),
  features: z.number(),
  match: z.number(),
  cluster: z.number(),
  map: z.number(),
});
export type StageTimes = z.infer<typeof StageTimes>;

/** Mean over images, stage by stage. */
export function meanTimes(times: readonly StageTimes[]): StageTimes {
  const mean = (stage: keyof StageTimes) =>
    times.reduce((sum, time) => sum + time[stage], 0) / Math.max(times.length, 1);
  return {
    decode: mean('decode'),
    features: mean('features'),
    match: mean('match'),
    cluster: mean('cluster'),
    map: mean('map'),
  };
}

export const Run = z.object({
  id: RunId,
  studyId: StudyId,
  settings: RunSettings,
  modelSha256: z.string(),
  /** Null for a method without references. */
  referenceSet: z
    .object({ id: ReferenceSetId, version: z.int(), name: z.string().nullable(), size: z.int() })
    .nullable(),
  state: JobState,
  /** Images to score, scored, and given up on with a reason. */
  total: z.int(),
  done: z.int(),
  failed: z.int(),
  error: z.string().nullable(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Run = z.infer<typeof Run>;

/** One image of a run. Scores are raw. */
export const RunResult = z.object({
  imageId: ImageId,
  name: z.string(),
  label: Label,
  groundTruth: GroundTruth,
  outcome: z.discriminatedUnion('state', [
    z.object({ state: z.literal('scored'), imageScore: z.number(), support: z.array(Match) }),
    z.object({ state: z.literal('failed'), error: FailureInfo }),
    z.object({ state: z.literal('pending') }),
  ]),
});
export type RunResult = z.infer<typeof RunResult>;

/** Everything Inspect shows of one image under one set of settings. */
export const Preview = z.object({
  imageId: ImageId,
  support: z.array(Match),
  /** Raw patch scores, every patch, masked or not; higher = more anomalous, in the unit of the method. */
  scores: GridValues,
  /** 1 = the patch takes part; all ones when the query's background is not masked. */
  foreground: GridValues,
  /** Raw, by the method's own rule. */
  imageScore: z.number(),
  /** Support patches in each cluster, largest first; empty for methods that do not cluster. */
  clusterSizes: z.array(z.int()),
  milliseconds: StageTimes,
});
export type Preview = z.infer<typeof Preview>;

/** Null = undefined (one class only, no ground truth): shown as a dash, never as 0. */
export const ImageFigures = z.object({
  auroc: z.number().nullable(),
  ap: z.number().nullable(),
  dice: z.number().nullable(),
  iou: z.number().nullable(),
  /** Pixels at or above the threshold. */
  predicted: z.int(),
  truth: z.int().nullable(),
});
export type ImageFigures = z.infer<typeof ImageFigures>;

export const RankingFigures = z.object({
  auroc: z.number().nullable(),
  ap: z.number().nullable(),
  f1max: z.number().nullable(),
  f1maxThreshold: z.number().nullable(),
});
export type RankingFigures = z.infer<typeof RankingFigures>;

export const ScoreHistogram = z.object({
  /** Bin edges, one more than bins. */
  edges: z.array(z.number()),
  normal: z.array(z.int()),
  abnormal: z.array(z.int()),
});
export type ScoreHistogram = z.infer<typeof ScoreHistogram>;

export const Evaluation = z.object({
  runId: RunId,
  scale: Scale,
  /** The images the pixel figures are pooled over. */
  scope: Scope,
  /** Images in the pixel figures / in the image figures / left out because nobody knows their ground truth. */
  images: z.int(),
  labelledImages: z.int(),
  unknownGroundTruth: z.int(),
  pixel: RankingFigures.extend({
    /** At an FPR limit of 0.3. */
    aupro: z.number().nullable(),
    auproAt: z.array(z.object({ limit: z.number(), value: z.number().nullable() })),
    sensitivityAt: z.array(SensitivityAt),
    positives: z.int(),
    count: z.int(),
    /** 8-connected regions of the ground truth. */
    regions: z.int(),
  }),
  /** Image scores are raw on either scale: the maximum of a min-max map is always 1 and cannot rank images. */
  image: RankingFigures.extend({ sensitivityAt: z.array(SensitivityAt) }),
  /** Of the image scores after Platt's map, fitted on other patients; null with too few images of a kind. */
  calibration: Calibration.nullable(),
  curves: EvaluationCurves,
  /** Pixels of the pooled maps / scores of the labelled images. */
  histogram: z.object({ pixel: ScoreHistogram, image: ScoreHistogram }),
  perImage: z.array(
    z.object({
      imageId: ImageId,
      name: z.string(),
      label: Label,
      /** Images of one patient are drawn together by the bootstrap. */
      patient: z.string(),
      imageScore: z.number(),
      auroc: z.number().nullable(),
      ap: z.number().nullable(),
      /** At the pooled F1-max threshold. */
      dice: z.number().nullable(),
      iou: z.number().nullable(),
      /** Pooled 95th percentile of the surface distances at that threshold; null when a mask is empty. */
      hd95: z.number().nullable(),
      /** Millimetres where the image has a spacing, else pixels. */
      hd95Unit: z.enum(['mm', 'px']),
      regions: z.array(RegionFigures),
    }),
  ),
});
export type Evaluation = z.infer<typeof Evaluation>;
