/** How an image is to be drawn, from what is known of it. Pure. */
import type { PixelArray } from '#shared/arrays.ts';
import type { StudyImage } from '#shared/domain.ts';
import { windowOf, type ImageLayer } from '../../../viewer/viewer.ts';

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
  const { spacing, acquisition } = image;
  const [scanner] = acquisition?.windows ?? [];
  return {
    pixels,
    windowGroup,
    // Samples fall as values rise only where white is 0 (src-engine/imaging/dicom/dicom-slice.ts).
    invert: invert !== (acquisition !== null && acquisition.rescale.slope < 0),
    sampling: interpolate ? 'smooth' : 'pixels',
    ...(acquisition ? { rescale: acquisition.rescale } : {}),
    ...(scanner ? { window: windowOf(scanner) } : {}),
    ...(spacing ? { aspect: spacing.row / spacing.column } : {}),
  };
}
