/** Draws the PNG icons from nidus.svg: `node resources/icons/build.ts`. Packagers make .ico and .icns from the largest. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

const folder = import.meta.dirname;
const drawing = await readFile(join(folder, 'nidus.svg'));
const drawnSize = 512;

for (const size of [32, 256, 1024]) {
  await sharp(drawing, { density: (72 * size) / drawnSize })
    .resize(size, size)
    .png({ compressionLevel: 9, palette: true })
    .toFile(join(folder, `nidus-${size}.png`));
}
