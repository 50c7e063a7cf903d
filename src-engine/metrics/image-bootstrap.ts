export interface ImageReplicate {
  readonly auroc: number;
  readonly ap: number;
  readonly f1Max: number;
}

/** A scored image of a known kind, and the group (patient) it is drawn with. */
export interface GroupedImage {
  readonly score: number;
  readonly abnormal: boolean;
  readonly group: number;
}

/** Exact figures of image scores with every image counted as often as its group's weight says; NaN where undefined. */
export function createImageReplicates(images: readonly GroupedImage[]) {
  const sorted = images.toSorted((a, b) => b.score - a.score);
  return (weights: ArrayLike<number>): ImageReplicate => {
    let [positives, negatives] = [0, 0];
    for (const { abnormal, group } of sorted) {
      if (abnormal) positives += weights[group]!;
      else negatives += weights[group]!;
    }
    if (positives === 0 || negatives === 0) return { auroc: NaN, ap: NaN, f1Max: NaN };
    let [found, wrong, won, ap, f1Max] = [0, 0, 0, 0, 0];
    for (let from = 0; from < sorted.length;) {
      let [here, there, to] = [0, 0, from];
      for (; to < sorted.length && sorted[to]!.score === sorted[from]!.score; to++) {
        const { abnormal, group } = sorted[to]!;
        if (abnormal) here += weights[group]!;
        else there += weights[group]!;
      }
      won += here * (negatives - wrong - there / 2);
      found += here;
      wrong += there;
      if (here > 0) {
        ap += (here * found) / (found + wrong);
        f1Max = Math.max(f1Max, (2 * found) / (found + wrong + positives));
      }
      from = to;
    }
    return { auroc: won / (positives * negatives), ap: ap / positives, f1Max };
  };
}
