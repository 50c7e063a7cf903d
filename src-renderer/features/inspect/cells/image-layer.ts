/** How an image is to be drawn, from what is known of it. Pure. */
import type { PixelArray } from '#shared/arrays.ts';
import type { StudyImage } from '#shared/domain.ts';
import type { ImageLayer } from '../../../viewer/viewer.ts';

interface Look {
  readonly interpolate: boolean;
  readonly invert: boolean;
  readonly windowGroup: string;
}

export function imageLayer(
  image: StudyImage,
  pixels: PixelArray,
  { interpolate, invert, windowGroup }: Look,
): ImageLayer {
  const { spacing } = image;
  return {
    pixels,
    windowGroup,
    invert,
    sampling: interpolate ? 'smooth' : 'pixels',
    ...(spacing ? { aspect: spacing.row / spacing.column } : {}),
  };
}
