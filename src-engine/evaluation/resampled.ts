import type { Scope } from '#shared/domain.ts';
import { bootstrapFigures, type BootstrapOptions } from '#shared/evaluation.ts';
import { bootstrapReplicates } from '#shared/resampling.ts';
import type { Evaluation } from '#shared/results.ts';
import { createGroupedPixels, createImageReplicates } from '../metrics/index.ts';
import { forEachMap, nextTurn, type ImageSet, type SetImage } from './image-set.ts';
import { measureImages } from './images.ts';
import { poolPixels, type Pooled } from './pooled.ts';

/** Bins of the scores in which replicates count pixels. */
const pixelBins = 1024;

export type FigureName =
  | `pixel.${(typeof bootstrapFigures.pixel)[number]}`
  | `image.${(typeof bootstrapFigures.image)[number]}`;
export const figureNames: readonly FigureName[] = [
  ...bootstrapFigures.pixel.map((name) => `pixel.${name}` as const),
  ...bootstrapFigures.image.map((name) => `image.${name}` as const),
];

export interface Resampled {
  /** Of the data themselves, exact. */
  readonly exact: Readonly<Record<FigureName, number | null>>;
  /** [figure][replicate]; NaN where a replicate does not define the figure, or there is nothing to draw. */
  readonly replicates: Readonly<Record<FigureName, Float64Array>>;
  readonly patients: { readonly pixel: number; readonly image: number };
  readonly pooled: Pooled;
  readonly labelled: readonly SetImage[];
  /** F1-max threshold on the image score. */
  readonly imageThreshold: number | null;
}

/** Patients, and per patient whether any of their images is abnormal: replicates keep the number of both. */
function patientsOf(images: readonly SetImage[]) {
  const names = [...new Set(images.map(({ patient }) => patient))];
  const abnormal = new Set(images.filter(({ label }) => label === 'abnormal').map(({ patient }) => patient));
  return {
    groupOf: new Map(names.map((name, group) => [name, group])),
    strata: names.map((name) => (abnormal.has(name) ? 1 : 0)),
  };
}

/** Bootstrap of all figures over patients, stratified by whether a patient has an abnormal image. */
export async function resample(
  set: ImageSet,
  scope: Scope,
  auproLimit: number,
  { replicates, seed }: BootstrapOptions,
): Promise<Resampled> {
  const pooled = await poolPixels(set, scope, auproLimit);
  const pixelPatients = patientsOf(pooled.indices.map((index) => set.images[index]!));
  const grouped = createGroupedPixels(pooled.ranked.quantiles(pixelBins), pixelPatients.strata.length);
  await forEachMap(set, pooled.indices, (map, truth, index) =>
    grouped.add(map, truth, pixelPatients.groupOf.get(set.images[index]!.patient)!),
  );
  const labelled = set.images.filter(({ label }) => label !== 'unknown');
  const imagePatients = patientsOf(labelled);
  const images = createImageReplicates(
    labelled.map(({ imageScore, label, patient }) => ({
      score: imageScore,
      abnormal: label === 'abnormal',
      group: imagePatients.groupOf.get(patient)!,
    })),
  );

  const image = measureImages(labelled).figures;
  const exact = exactFigures(pooled.figures, image);
  const rows = Object.fromEntries(
    figureNames.map((name) => [name, new Float64Array(replicates).fill(NaN)]),
  ) as Record<FigureName, Float64Array>;
  const everyone = grouped.replicate(new Float64Array(pixelPatients.strata.length).fill(1), auproLimit);
  const pixelReplicates = bootstrapReplicates(pixelPatients.strata, replicates, seed);
  for (const [i, weights] of pixelReplicates.map((weights, i) => [i, weights] as const)) {
    const binned = grouped.replicate(weights, auproLimit);
    // What binning does to the data themselves is taken off every replicate.
    const put = (name: FigureName, key: keyof typeof binned) =>
      (rows[name][i] = binned[key] - everyone[key] + (exact[name] ?? NaN));
    put('pixel.auroc', 'auroc');
    put('pixel.ap', 'ap');
    put('pixel.f1max', 'f1Max');
    put('pixel.aupro', 'aupro');
    await nextTurn();
  }
  const imageReplicates = bootstrapReplicates(imagePatients.strata, replicates, seed);
  for (const [i, weights] of imageReplicates.map((weights, i) => [i, weights] as const)) {
    const { auroc, ap, f1Max } = images(weights);
    rows['image.auroc'][i] = auroc;
    rows['image.ap'][i] = ap;
    rows['image.f1max'][i] = f1Max;
    await nextTurn();
  }
  return {
    exact,
    replicates: rows,
    patients: { pixel: pixelPatients.strata.length, image: imagePatients.strata.length },
    pooled,
    labelled,
    imageThreshold: image.f1maxThreshold,
  };
}

function exactFigures(figures: Evaluation['pixel'], image: Evaluation['image']): Resampled['exact'] {
  return {
    'pixel.auroc': figures.auroc,
    'pixel.ap': figures.ap,
    'pixel.f1max': figures.f1max,
    'pixel.aupro': figures.aupro,
    'image.auroc': image.auroc,
    'image.ap': image.ap,
    'image.f1max': image.f1max,
  };
}
