import { bootstrapP, percentileInterval } from '#shared/resampling.ts';
import type { Scope } from '#shared/domain.ts';
import type { BootstrapOptions, ComparedImage, Comparison, PairedFigure } from '#shared/evaluation.ts';
import { agreement, cohenKappa, correlation, deLongTest, rankCorrelation } from '../metrics/index.ts';
import type { ImageSet } from './image-set.ts';
import { ownFigures, unknownFigures } from './per-image.ts';
import { figureNames, resample, type FigureName, type Resampled } from './resampled.ts';

/** What a comparison says of images, by their place in both sets. */
export type ComparedRow = Omit<ComparedImage, 'imageId'>;
export type ComparedSets = Omit<Comparison, 'runs' | 'scale' | 'scope' | 'perImage'> & {
  readonly rows: readonly ComparedRow[];
};

/** Two sets of maps over the same images in the same order. */
export async function compareSets(
  sets: readonly [ImageSet, ImageSet],
  scope: Scope,
  auproLimit: number,
  options: BootstrapOptions,
): Promise<ComparedSets> {
  // The same seed draws the same patients for both.
  const first = await resample(sets[0], scope, auproLimit, options);
  const second = await resample(sets[1], scope, auproLimit, options);
  const paired = Object.fromEntries(figureNames.map((name) => [name, pair(first, second, name)])) as Record<
    FigureName,
    PairedFigure
  >;
  const labels = first.labelled.map(({ label }) => (label === 'abnormal' ? 1 : 0));
  const scores = [first, second].map(({ labelled }) => labelled.map(({ imageScore }) => imageScore));
  const test = deLongTest(scores[0]!, scores[1]!, labels);
  const cuts = [first, second].map((run) => run.pooled.figures.f1maxThreshold);
  return {
    ...options,
    images: sets[0].images.length,
    pixel: {
      auroc: paired['pixel.auroc'],
      ap: paired['pixel.ap'],
      f1max: paired['pixel.f1max'],
      aupro: paired['pixel.aupro'],
    },
    image: { auroc: paired['image.auroc'], ap: paired['image.ap'], f1max: paired['image.f1max'] },
    deLong: test && {
      // The test looks at first - second, a comparison at second - first.
      z: test.z === null ? null : -test.z,
      p: test.p,
      standardErrors: [Math.sqrt(test.variances[0]), Math.sqrt(test.variances[1])],
    },
    rankCorrelation: rankCorrelation(
      sets[0].images.map(({ imageScore }) => imageScore),
      sets[1].images.map(({ imageScore }) => imageScore),
    ),
    kappa: decisionKappa(first, second),
    rows: await compareImages(sets, [cuts[0] ?? null, cuts[1] ?? null]),
  };
}

function pair(first: Resampled, second: Resampled, name: FigureName): PairedFigure {
  const [a, b] = [first.exact[name], second.exact[name]];
  const differences = second.replicates[name].map((value, i) => value - first.replicates[name][i]!);
  return {
    first: a,
    second: b,
    difference: a === null || b === null ? null : b - a,
    interval: percentileInterval(differences),
    p: bootstrapP(differences),
  };
}

/** Of the decisions on labelled images, each run at its own F1-max threshold on the image score. */
function decisionKappa(first: Resampled, second: Resampled): number | null {
  const decide = ({ labelled }: Resampled, threshold: number | null) =>
    threshold === null ? null : labelled.map(({ imageScore }) => imageScore >= threshold);
  const a = decide(first, first.imageThreshold);
  const b = decide(second, second.imageThreshold);
  return a && b && cohenKappa(a, b);
}

async function compareImages(
  [a, b]: readonly [ImageSet, ImageSet],
  [cutA, cutB]: readonly [number | null, number | null],
): Promise<ComparedRow[]> {
  const rows: ComparedRow[] = [];
  for (const [index, image] of a.images.entries()) {
    const other = b.images[index]!;
    const common = {
      name: image.name,
      label: image.label,
      scores: [image.imageScore, other.imageScore] as [number, number],
    };
    const [one, two] = image.known ? [await a.read(index), await b.read(index)] : [null, null];
    const [own, theirs] = [
      one ? ownFigures(image, one.map, one.truth, cutA ?? Infinity) : unknownFigures(image),
      two ? ownFigures(other, two.map, two.truth, cutB ?? Infinity) : unknownFigures(other),
    ];
    rows.push({
      ...common,
      auroc: [own.auroc, theirs.auroc],
      ap: [own.ap, theirs.ap],
      dice: [own.dice, theirs.dice],
      correlation: one && two && correlation(one.map.data, two.map.data),
      agreement:
        one && two && cutA !== null && cutB !== null ? agreement(one.map, cutA, two.map, cutB) : null,
    });
  }
  return rows;
}
