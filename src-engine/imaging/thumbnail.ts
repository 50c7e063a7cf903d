import sharp from 'sharp';
import type { PixelArray } from '#shared/arrays.ts';
import { displayBytes } from './display.ts';
import { view } from './samples.ts';

/** Longer side of a thumbnail in pixels. */
export const thumbnailSize = 160;

/** A WebP picture of at most 160 pixels on the longer side, as `displayBytes` shows it; smaller images keep their size. */
export async function thumbnail(pixels: PixelArray): Promise<Uint8Array> {
  const { width, height, channels } = pixels;
  const raw = { width, height, channels };
  const picture = await sharp(displayBytes(pixels), { raw, limitInputPixels: false })
    .resize(thumbnailSize, thumbnailSize, {
      fit: 'inside',
      withoutEnlargement: true,
      // The other kernels ring: they would put a faint halo into a black background.
      kernel: 'linear',
    })
    .webp({ quality: 80, effort: 2 })
    .toBuffer();
  return view(Uint8Array, picture);
}
