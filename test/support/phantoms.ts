import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { createRandom } from '#shared/random.ts';

export interface PhantomSet {
  readonly normals: number;
  readonly abnormals: number;
  readonly size: number;
}

/** A textured disc on black; an abnormal one has a bright square, which the mask marks. */
export function phantom(
  seed: number,
  size: number,
  lesion: boolean,
): { image: Uint8Array; mask: Uint8Array } {
  const random = createRandom(seed);
  const image = new Uint8Array(size * size);
  const mask = new Uint8Array(size * size);
  const side = Math.round(size / 6);
  const [left, top] = [
    random.integer(side) + Math.round(size / 3),
    random.integer(side) + Math.round(size / 3),
  ];
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const inside = Math.hypot(x - size / 2, y - size / 2) < size * 0.42;
      if (!inside) continue;
      const isLesion = lesion && x >= left && x < left + side && y >= top && y < top + side;
      image[y * size + x] =
        (isLesion ? 190 : 90 + 20 * Math.sin(x / 3) * Math.sin(y / 4)) + random.integer(12);
      if (isLesion) mask[y * size + x] = 255;
    }
  }
  return { image, mask };
}

/** Writes a set of phantoms as a BMAD tree. */
export async function writePhantomSet(root: string, { normals, abnormals, size }: PhantomSet): Promise<void> {
  const write = async (path: string, pixels: Uint8Array) => {
    await mkdir(dirname(path), { recursive: true });
    await sharp(pixels, { raw: { width: size, height: size, channels: 1 } })
      .toColourspace('b-w')
      .png({ compressionLevel: 1 })
      .toFile(path);
  };
  const number = (i: number) => String(i).padStart(4, '0');
  for (let i = 0; i < normals; i++)
    await write(join(root, 'train', 'good', `n${number(i)}.png`), phantom(i, size, false).image);
  for (let i = 0; i < abnormals; i++) {
    const { image, mask } = phantom(10_000 + i, size, true);
    await write(join(root, 'test', 'Ungood', 'img', `a${number(i)}.png`), image);
    await write(join(root, 'test', 'Ungood', 'label', `a${number(i)}.png`), mask);
  }
}
