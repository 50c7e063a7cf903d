import type { PatchFeatures, PatchMask, ScoreMap } from '#shared/arrays.ts';
import { principalDirection } from '../linear-algebra/principal-component.ts';
import { close, dilate } from '../morphology.ts';

/**
 * How the mask is cleaned up (3 x 3 dilation, then closing). `grid`: on the patch grid, as the paper
 * says. `sequence`: along the row-major sequence of patches, as the authors' program does.
 */
export type MaskCleanUp = 'grid' | 'sequence';

export interface ObjectMaskSettings {
  /** Smallest first component of an object patch; 10 suits the magnitudes of DINOv2 features only. */
  readonly threshold: number;
  /** Part of the grid left out on each side when the centre is tested. */
  readonly border: number;
  /** At most this part of the centre kept: the sign of the component is turned. */
  readonly centreFraction: number;
  readonly kernel: number;
}

export const defaultObjectMask: ObjectMaskSettings = {
  threshold: 10,
  border: 0.2,
  centreFraction: 0.35,
  kernel: 3,
};

export interface RawObjectMask {
  readonly mask: PatchMask;
  /** Part of the central area kept with the sign as given. */
  readonly centreFraction: number;
  /** The sign was turned because the centre test failed. The turned sign is not tested. */
  readonly turned: boolean;
}

/**
 * First principal component of each patch, features centred but not normalised. The sign makes the component of
 * largest size positive.
 */
export function firstComponent({ rows, columns, dimension, data }: PatchFeatures): ScoreMap {
  const count = rows * columns;
  const mean = new Float64Array(dimension);
  for (let i = 0, at = 0; i < count; i++) {
    for (let d = 0; d < dimension; d++, at++) mean[d] = mean[d]! + data[at]! / count;
  }
  const centred = new Float64Array(count * dimension);
  for (let i = 0, at = 0; i < count; i++) {
    for (let d = 0; d < dimension; d++, at++) centred[at] = data[at]! - mean[d]!;
  }
  const direction = principalDirection(centred, dimension);
  const scores = new Float32Array(count);
  let largest = 0;
  for (let i = 0; i < count; i++) {
    let score = 0;
    for (let d = 0, at = i * dimension; d < dimension; d++, at++) score += centred[at]! * direction[d]!;
    scores[i] = score;
    if (Math.abs(score) > Math.abs(largest)) largest = score;
  }
  return { rows, columns, data: largest < 0 ? scores.map((score) => -score) : scores };
}

function aboveThreshold(component: ScoreMap, sign: 1 | -1, threshold: number): PatchMask {
  const data = Uint8Array.from(component.data, (score) => (sign * score > threshold ? 1 : 0));
  return { rows: component.rows, columns: component.columns, data };
}

function keptInCentre({ rows, columns, data }: PatchMask, border: number): number {
  const [top, bottom] = [Math.floor(rows * border), Math.floor(rows * (1 - border))];
  const [left, right] = [Math.floor(columns * border), Math.floor(columns * (1 - border))];
  let kept = 0;
  for (let y = top; y < bottom; y++) for (let x = left; x < right; x++) kept += data[y * columns + x]!;
  return kept / ((bottom - top) * (right - left));
}

/**
 * Object patches before the clean-up: component > threshold, or -component > threshold when too little of
 * the centre is kept (AnomalyDINO, section 3.2).
 */
export function rawObjectMask(
  component: ScoreMap,
  settings: ObjectMaskSettings = defaultObjectMask,
): RawObjectMask {
  const mask = aboveThreshold(component, 1, settings.threshold);
  const centreFraction = keptInCentre(mask, settings.border);
  const turned = !(centreFraction > settings.centreFraction);
  return {
    mask: turned ? aboveThreshold(component, -1, settings.threshold) : mask,
    centreFraction,
    turned,
  };
}

/** Dilation and closing that fill small holes and keep the rim of the object. */
export function cleanObjectMask(mask: PatchMask, cleanUp: MaskCleanUp, kernel: number): PatchMask {
  const { rows, columns, data } = mask;
  const image =
    cleanUp === 'grid' ? { width: columns, height: rows, data } : { width: 1, height: rows * columns, data };
  return { rows, columns, data: close(dilate(image, kernel), kernel).data };
}

/** Patches of the object, by the first principal component of the image's own features. */
export function objectMask(
  features: PatchFeatures,
  cleanUp: MaskCleanUp,
  settings: ObjectMaskSettings = defaultObjectMask,
): PatchMask {
  const { mask } = rawObjectMask(firstComponent(features), settings);
  return cleanObjectMask(mask, cleanUp, settings.kernel);
}

/**
 * The masking test (AnomalyDINO, section 3.2): whether the mask of a reference keeps more than the fraction of the centre,
 * with either sign. Masks of a category whose reference fails it are not used.
 */
export function passesMaskingTest(
  features: PatchFeatures,
  settings: ObjectMaskSettings = defaultObjectMask,
): boolean {
  const { mask } = rawObjectMask(firstComponent(features), settings);
  return keptInCentre(mask, settings.border) > settings.centreFraction;
}
