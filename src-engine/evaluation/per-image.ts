import type { Mask, ScoreMap } from '#shared/arrays.ts';
import type { RegionFigures } from '#shared/evaluation.ts';
import type { Evaluation } from '#shared/results.ts';
import { imageFigures, surfaceDistances, thresholdMap } from '../metrics/index.ts';
import { connectedRegions } from '#shared/regions.ts';
import type { SetImage } from './image-set.ts';

export type OwnFigures = Pick<
  Evaluation['perImage'][number],
  'auroc' | 'ap' | 'dice' | 'iou' | 'hd95' | 'hd95Unit' | 'regions'
>;

export const unknownFigures = ({ spacing }: SetImage): OwnFigures => ({
  auroc: null,
  ap: null,
  dice: null,
  iou: null,
  hd95: null,
  hd95Unit: spacing ? 'mm' : 'px',
  regions: [],
});

/** How one map fits its ground truth at a threshold. */
export function ownFigures(image: SetImage, map: ScoreMap, truth: Mask, threshold: number): OwnFigures {
  const { auroc, ap, dice, iou } = imageFigures(map, truth, threshold);
  const distances = surfaceDistances(thresholdMap(map, threshold), truth, image.spacing ?? undefined);
  return {
    ...unknownFigures(image),
    auroc,
    ap,
    dice,
    iou,
    hd95: distances?.hd95Pooled ?? null,
    regions: regionFigures(map, truth, threshold),
  };
}

function regionFigures(map: ScoreMap, truth: Mask, threshold: number): RegionFigures[] {
  const { labels, sizes } = connectedRegions(truth);
  const found = sizes.map((pixels) => ({ pixels, above: 0, best: -Infinity }));
  for (let i = 0; i < labels.length; i++) {
    const region = found[labels[i]! - 1];
    if (!region) continue;
    if (map.data[i]! >= threshold) region.above++;
    if (map.data[i]! > region.best) region.best = map.data[i]!;
  }
  return found.map(({ pixels, above, best }) => ({ pixels, overlap: above / pixels, best }));
}
