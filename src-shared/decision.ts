/**
 * Decisions on image scores: below `low` an image counts as normal, from `high` on as abnormal, between them a reader
 * has to look (the grey zone; none when both are equal). Pure: the window, the report and the terminal all decide here.
 */
import { z } from 'zod';
import { type ImageId, type Label, RunId, StudyId } from './domain.ts';
import { type BootstrapOptions, Interval } from './evaluation.ts';
import { bootstrapReplicates, percentileInterval } from './resampling.ts';

export const Cuts = z.object({ low: z.number(), high: z.number() });
export type Cuts = z.infer<typeof Cuts>;

/** How a threshold was found; what is needed to find it again. */
export const ThresholdRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('manual') }),
  z.object({ kind: z.literal('f1max') }),
  z.object({
    kind: z.enum(['fpr', 'fnr']),
    /** The largest rate allowed on the images it was chosen on. */
    target: z.number().min(0).max(1),
    /** 95 % interval of the threshold over patients. */
    interval: Interval.nullable(),
  }),
]);
export type ThresholdRule = z.infer<typeof ThresholdRule>;

export const ThresholdId = z.int().positive().brand<'ThresholdId'>();
export type ThresholdId = z.infer<typeof ThresholdId>;

/** A decision kept under a name. Never changed: saving the same name again makes the next version. */
export const Threshold = Cuts.extend({
  id: ThresholdId,
  studyId: StudyId,
  name: z.string(),
  version: z.int(),
  /** The run it was chosen on; null when that was removed. */
  runId: RunId.nullable(),
  rule: ThresholdRule,
  createdAt: z.iso.datetime(),
});
export type Threshold = z.infer<typeof Threshold>;

export const decisions = ['normal', 'grey', 'abnormal'] as const;
export type Decision = (typeof decisions)[number];

export const decide = (score: number, { low, high }: Cuts): Decision =>
  score >= high ? 'abnormal' : score >= low ? 'grey' : 'normal';

/** What a decision needs to know of an image. */
export interface DecidedImage {
  readonly imageId: ImageId;
  readonly label: Label;
  readonly patient: string;
  readonly imageScore: number;
}

/** Images by what they are and what was decided. */
export type Confusion = Readonly<Record<Label, Readonly<Record<Decision, number>>>>;

export function confusion(images: readonly DecidedImage[], cuts: Cuts): Confusion {
  const none = () => ({ normal: 0, grey: 0, abnormal: 0 });
  const counts = { normal: none(), abnormal: none(), unknown: none() };
  for (const { label, imageScore } of images) counts[label][decide(imageScore, cuts)]++;
  return counts;
}

export interface Rates {
  /** Normal images called abnormal, of all normal images. */
  readonly fpr: number | null;
  /** Abnormal images called normal, of all abnormal images. */
  readonly fnr: number | null;
  /** Images in the grey zone, of all images. */
  readonly grey: number | null;
}

export function rates({ normal, abnormal, unknown }: Confusion): Rates {
  const total = (row: Confusion[Label]) => row.normal + row.grey + row.abnormal;
  const share = (part: number, whole: number) => (whole === 0 ? null : part / whole);
  return {
    fpr: share(normal.abnormal, total(normal)),
    fnr: share(abnormal.normal, total(abnormal)),
    grey: share(normal.grey + abnormal.grey + unknown.grey, total(normal) + total(abnormal) + total(unknown)),
  };
}

/** Smallest float64 above a score: the cut that just leaves the score below. */
const justAbove = (score: number): number => score + Math.max(Number.MIN_VALUE, Math.abs(score) * 2 ** -52);

/**
 * The cut for a target rate. `fpr`: the lowest cut at which at most that share of the normal images is at or above it.
 * `fnr`: the highest at which at most that share of the abnormal images is below it. Ties are never split. Null
 * without images of the kind.
 */
export function cutForRate(
  images: readonly Pick<DecidedImage, 'label' | 'imageScore'>[],
  kind: RateKind,
  target: number,
): number | null {
  const ranked = rankedFor(images, kind);
  return weightedCut(ranked, () => 1, kind, target);
}

type RateKind = 'fpr' | 'fnr';

/** The images a rate is of, in the order in which a cut reaches them first to last. */
function rankedFor<T extends Pick<DecidedImage, 'label' | 'imageScore'>>(
  images: readonly T[],
  kind: RateKind,
): T[] {
  return images
    .filter(({ label }) => label === (kind === 'fpr' ? 'normal' : 'abnormal'))
    .sort((a, b) => (kind === 'fpr' ? b.imageScore - a.imageScore : a.imageScore - b.imageScore));
}

/** `cutForRate` with every image counted as often as its weight says. */
function weightedCut<T extends Pick<DecidedImage, 'imageScore'>>(
  ranked: readonly T[],
  weightOf: (image: T) => number,
  kind: RateKind,
  target: number,
): number | null {
  const total = ranked.reduce((sum, image) => sum + weightOf(image), 0);
  if (total === 0) return null;
  // Guards against 0.1 * 30 being a little below 3.
  const allowed = Math.floor(target * total + 1e-9);
  let passed = 0;
  let last = 0;
  for (const image of ranked) {
    const weight = weightOf(image);
    if (weight === 0) continue;
    passed += weight;
    last = image.imageScore;
    if (passed > allowed) return kind === 'fpr' ? justAbove(last) : last;
  }
  return last;
}

export interface RateIntervals {
  /** Of the cut itself, chosen anew in every replicate; null without a target. */
  readonly cut: Interval | null;
  readonly fpr: Interval | null;
  readonly fnr: Interval | null;
}

/** 95 % intervals over patients: of the rates at these cuts, and of the cut a target asks for. */
export function rateIntervals(
  images: readonly DecidedImage[],
  cuts: Cuts,
  target: { readonly kind: RateKind; readonly rate: number } | null,
  { replicates, seed }: BootstrapOptions,
): RateIntervals {
  const labelled = images.filter(({ label }) => label !== 'unknown');
  const groupOf = new Map(
    [...new Set(labelled.map(({ patient }) => patient))].map((patient, i) => [patient, i]),
  );
  const grouped = labelled.map((image) => ({ ...image, group: groupOf.get(image.patient)! }));
  /** Per patient: images of each label, and those decided wrongly. */
  const tallies = Array.from(groupOf, () => ({
    normal: 0,
    abnormal: 0,
    falsePositives: 0,
    falseNegatives: 0,
  }));
  for (const { label, imageScore, group } of grouped) {
    const tally = tallies[group]!;
    const decision = decide(imageScore, cuts);
    if (label === 'normal') {
      tally.normal++;
      if (decision === 'abnormal') tally.falsePositives++;
    } else {
      tally.abnormal++;
      if (decision === 'normal') tally.falseNegatives++;
    }
  }
  const ranked = target && rankedFor(grouped, target.kind);
  const found = { cut: [] as number[], fpr: [] as number[], fnr: [] as number[] };
  const strata = tallies.map(({ abnormal }) => (abnormal > 0 ? 1 : 0));
  for (const weights of bootstrapReplicates(strata, replicates, seed)) {
    const sum = { normal: 0, abnormal: 0, falsePositives: 0, falseNegatives: 0 };
    for (const [group, tally] of tallies.entries()) {
      for (const key of ['normal', 'abnormal', 'falsePositives', 'falseNegatives'] as const)
        sum[key] += weights[group]! * tally[key];
    }
    found.fpr.push(sum.normal === 0 ? NaN : sum.falsePositives / sum.normal);
    found.fnr.push(sum.abnormal === 0 ? NaN : sum.falseNegatives / sum.abnormal);
    if (target && ranked)
      found.cut.push(weightedCut(ranked, ({ group }) => weights[group]!, target.kind, target.rate) ?? NaN);
  }
  return {
    cut: target && percentileInterval(found.cut),
    fpr: percentileInterval(found.fpr),
    fnr: percentileInterval(found.fnr),
  };
}

/** Images decided otherwise than before, in their order. */
export const flipped = <T extends DecidedImage>(images: readonly T[], before: Cuts, after: Cuts): T[] =>
  images.filter(({ imageScore }) => decide(imageScore, before) !== decide(imageScore, after));
