import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeMask, decodeMasks } from '#engine/imaging/mask.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nidus-mask-'));
});
afterAll(() => rm(folder, { recursive: true }));

const write = async (name: string, data: Uint8Array, width: number, channels: 1 | 3) => {
  const path = join(folder, name);
  const height = data.length / width / channels;
  await sharp(data, { raw: { width, height, channels } }).toFile(path);
  return path;
};

test('a pixel is inside where any channel is above zero', async () => {
  const path = await write('rgb.png', Uint8Array.from([0, 0, 0, 0, 0, 1, 255, 0, 0, 0, 0, 0]), 2, 3);
  const mask = await decodeMask(path, { width: 2, height: 2 });
  expect(mask).toEqual({ width: 2, height: 2, data: Uint8Array.from([0, 1, 1, 0]) });
});

test('in a JPEG the noise around edges does not count', async () => {
  const data = Uint8Array.from({ length: 64 * 64 }, (_, i) =>
    i % 64 > 20 && i % 64 < 45 && i > 900 ? 255 : 0,
  );
  const { data: inside } = await decodeMask(await write('mask.jpg', data, 64, 1), { width: 64, height: 64 });
  expect(inside).toEqual(data.map((sample) => sample / 255));
});

test('another size than the image is refused with both sizes', async () => {
  const path = await write('small.png', new Uint8Array(6), 3, 1);
  await expect(decodeMask(path, { width: 240, height: 200 })).rejects.toMatchObject({
    kind: 'invalid',
    message: 'small.png: the mask is 3 x 2 pixels, its image 240 x 200',
  });
});

const labels = fileURLToPath(
  new URL('../../../../shared/data/brain/glioma_flair/test/Ungood/label/', import.meta.url),
);
const present = existsSync(labels);

test.skipIf(!present)(`a real mask${present ? '' : ' (skipped: ../shared/data is missing)'}`, async () => {
  const mask = await decodeMask(`${labels}fg6692_z077.png`, { width: 240, height: 240 });
  const area = mask.data.reduce((sum, inside) => sum + inside, 0);
  // The smallest and largest lesion of the set.
  expect(area).toBeGreaterThanOrEqual(41);
  expect(area).toBeLessThanOrEqual(1066);
});

test('the masks of one image are united', async () => {
  const left = await write('left.png', Uint8Array.from([255, 0, 0, 0]), 2, 1);
  const right = await write('right.png', Uint8Array.from([0, 0, 0, 7]), 2, 1);
  const mask = await decodeMasks([left, right], { width: 2, height: 2 });
  expect([...mask.data]).toEqual([1, 0, 0, 1]);
});
