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

/**
 * Images with what their folder says of them. A normal image has an empty mask whatever file may lie beside it; an
 * abnormal one without a mask file has an unknown one.
 */
export function withMasks(
  root: string,
  images: readonly string[],
  verdict: Verdict,
  maskPaths: readonly string[],
): PlannedImage[] {
  const masks = verdict.label === 'abnormal' ? masksByStem(maskPaths) : new Map<string, string[]>();
  return images.map((path) => {
    const candidates = masks.get(stemOf(path)) ?? [];
    const sameKind = candidates.find((mask) => extensionOf(mask) === extensionOf(path));
    const maskPath = sameKind ?? candidates[0] ?? null;
    const mask = verdict.label === 'normal' ? 'empty' : maskPath === null ? 'unknown' : 'file';
    return { path, name: nameBelow(root, path), ...verdict, maskPath, mask };
  });
}
