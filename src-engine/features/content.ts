import type { PixelsInfo } from '#shared/domain.ts';

/** What an image is to a model, for the keys of caches: the same samples in another window are another image. */
export function contentOf({ sha256, window }: PixelsInfo): string {
  if (!window) return sha256;
  const { low, high, curve } = window;
  return `${sha256} ${low} ${high}${curve === undefined ? '' : ` ${JSON.stringify(curve)}`}`;
}
