import type { PlannedImage, Verdict } from './planned.ts';
import { extensionOf, nameBelow, stemOf } from './names.ts';

/** Masks by the stem of the image they belong to: `003.png` and `003_mask.png` both belong to `003`. */
export function masksByStem(paths: readonly string[]): Map<string, string[]> {
  const masks = new Map<string, string[]>();
  for (const path of paths) {
    const stem = stemOf(path);
    for (const key of new Set([stem, stem.replace(/_mask$/, '')])) {
      masks.set(key, [...(masks.get(key) ?? []), path]);
    }
  }
  return masks;
}

/** The mask of an image among those of its stem: the one of the same file type, else the first. */
export function oneMask(path: string, candidates: readonly string[]): string[] {
  const sameKind = candidates.find((mask) => extensionOf(mask) === extensionOf(path));
  const chosen = sameKind ?? candidates[0];
  return chosen === undefined ? [] : [chosen];
}

/** An image with what is said of it; a normal one has an empty mask whatever file may lie beside it. */
export function planned(
  root: string,
  path: string,
  verdict: Verdict,
  maskPaths: readonly string[],
): PlannedImage {
  const isNormal = verdict.label === 'normal';
  return {
    path,
    name: nameBelow(root, path),
    ...verdict,
    patient: null,
    maskPaths: isNormal ? [] : maskPaths,
    mask: isNormal ? 'empty' : maskPaths.length === 0 ? 'unknown' : 'file',
  };
}

/** Images with what their folder says of them; an abnormal one without a mask file has an unknown mask. */
export function withMasks(
  root: string,
  images: readonly string[],
  verdict: Verdict,
  maskPaths: readonly string[],
): PlannedImage[] {
  const masks = verdict.label === 'abnormal' ? masksByStem(maskPaths) : new Map<string, string[]>();
  return images.map((path) => planned(root, path, verdict, oneMask(path, masks.get(stemOf(path)) ?? [])));
}
