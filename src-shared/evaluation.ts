/** What an evaluation carries beside its figures: curves, calibration, intervals, comparisons. */
import { z } from 'zod';
import { ImageId, Label, RunId, Scale, Scope } from './domain.ts';

/** x, y, and the threshold there; null where no score reaches (the ends of a curve). */
export const CurvePoint = z.tuple([z.number(), z.number(), z.number().nullable()]);
export type CurvePoint = z.infer<typeof CurvePoint>;
const Curve = z.array(CurvePoint);

/** Thinned to what a picture needs; the figures beside them come from every step. Empty where undefined. */
export const EvaluationCurves = z.object({
  pixel: z.object({ roc: Curve, precisionRecall: Curve, perRegionOverlap: Curve }),
  image: z.object({ roc: Curve, precisionRecall: Curve }),
});
export type EvaluationCurves = z.infer<typeof EvaluationCurves>;

/** False positive rates at which sensitivity is given, of pixels and of images. */
export const sensitivityRates = [0.01, 0.05, 0.1] as const;
export const SensitivityAt = z.object({ rate: z.number(), value: z.number().nullable() });
export type SensitivityAt = z.infer<typeof SensitivityAt>;

/** Limits of AUPRO that are always given; 0.3 is the one of the literature. */
export const auproLimits = [0.05, 0.1, 0.3, 1] as const;
export const defaultAuproLimit = 0.3;

/** One region (8-connected) of the ground truth. */
export const RegionFigures = z.object({
  pixels: z.int(),
  /** Share of it at or above the pooled F1-max threshold: its per-region overlap. */
  overlap: z.number(),
  /** Its highest score. */
  best: z.number(),
});
export type RegionFigures = z.infer<typeof RegionFigures>;

export const Calibration = z.object({
  brier: z.number(),
  brierOfPrevalence: z.number(),
  ece: z.number(),
  bins: z.array(z.object({ predicted: z.number(), observed: z.number(), images: z.int() })),
  intercept: z.number(),
  slope: z.number(),
});
export type Calibration = z.infer<typeof Calibration>;

/** Free-response ROC: what a reader asks of marks on images. */
export const Froc = z.object({
  lesions: z.int(),
  images: z.int(),
  points: z.array(z.object({ threshold: z.number(), falsePositives: z.number(), sensitivity: z.number() })),
  /** At 1/8, 1/4, 1/2, 1, 2, 4, 8 false positives an image. */
  sensitivityAt: z.array(SensitivityAt),
  /** Their mean. */
  score: z.number().nullable(),
});
export type Froc = z.infer<typeof Froc>;

/** 95 % percentile interval. */
export const Interval = z.object({ low: z.number(), high: z.number() });
export type Interval = z.infer<typeof Interval>;

export const BootstrapOptions = z.object({
  replicates: z.int().min(100).max(10_000),
  seed: z.int().min(0),
});
export type BootstrapOptions = z.infer<typeof BootstrapOptions>;
export const defaultBootstrap: BootstrapOptions = { replicates: 1000, seed: 0 };

export const bootstrapFigures = {
  pixel: ['auroc', 'ap', 'f1max', 'aupro'],
  image: ['auroc', 'ap', 'f1max'],
} as const;

const perFigure = <T extends z.ZodType>(value: T) => ({
  pixel: z.object({ auroc: value, ap: value, f1max: value, aupro: value }),
  image: z.object({ auroc: value, ap: value, f1max: value }),
});

/** Intervals over patients; null where no replicate defines the figure. */
export const Intervals = z.object({
  ...BootstrapOptions.shape,
  /** Patients drawn from, for pixels and for images. */
  patients: z.object({ pixel: z.int(), image: z.int() }),
  ...perFigure(Interval.nullable()),
});
export type Intervals = z.infer<typeof Intervals>;

/** One figure of two runs. `difference` = second - first. */
export const PairedFigure = z.object({
  first: z.number().nullable(),
  second: z.number().nullable(),
  difference: z.number().nullable(),
  interval: Interval.nullable(),
  /** Two-sided, of no difference, from the paired bootstrap by patient. */
  p: z.number().nullable(),
});
export type PairedFigure = z.infer<typeof PairedFigure>;

export const ComparedImage = z.object({
  imageId: ImageId,
  name: z.string(),
  label: Label,
  scores: z.tuple([z.number(), z.number()]),
  auroc: z.tuple([z.number().nullable(), z.number().nullable()]),
  ap: z.tuple([z.number().nullable(), z.number().nullable()]),
  /** At the pooled F1-max threshold of each run. */
  dice: z.tuple([z.number().nullable(), z.number().nullable()]),
  /** Pearson correlation of the two maps; null when one is constant. */
  correlation: z.number().nullable(),
  /** Dice of the two predicted masks, each at its run's pooled F1-max threshold; null without a threshold. */
  agreement: z.number().nullable(),
});
export type ComparedImage = z.infer<typeof ComparedImage>;

export const Comparison = z.object({
  runs: z.tuple([RunId, RunId]),
  scale: Scale,
  scope: Scope,
  ...BootstrapOptions.shape,
  /** Images both runs scored; only these take part. */
  images: z.int(),
  ...perFigure(PairedFigure),
  /** DeLong's test of the image AUROCs; images count as independent. */
  deLong: z
    .object({
      z: z.number().nullable(),
      p: z.number().nullable(),
      standardErrors: z.tuple([z.number(), z.number()]),
    })
    .nullable(),
  /** Of the image scores; null below three images. */
  rankCorrelation: z.number().nullable(),
  /** Cohen's kappa of the decisions at each run's own F1-max threshold on the image score. */
  kappa: z.number().nullable(),
  perImage: z.array(ComparedImage),
});
export type Comparison = z.infer<typeof Comparison>;
