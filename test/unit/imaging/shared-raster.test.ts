import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '#engine/imaging/decode.ts';
import { sha256OfPixels, statistics } from '#engine/imaging/statistics.ts';
import { readable, refused } from './raster-files.ts';

const folder = fileURLToPath(new URL('../../../../shared/data/raster/', import.meta.url));
const present = existsSync(folder);
const note = present ? '' : ' (skipped: ../shared/data is missing)';

describe.skipIf(!present)(`every raster file of the shared data${note}`, () => {
  test('is in one of the two tables', () => {
    const files = ['real', 'odd', 'broken'].flatMap((kind) =>
      readdirSync(folder + kind).map((name) => `${kind}/${name.normalize('NFC')}`),
    );
    expect(files.sort()).toEqual([...Object.keys(readable), ...Object.keys(refused)].sort());
  });

  test.each(Object.entries(readable))('%s is read', async (file, expected) => {
    const [shape, bits, pages, min, max, mean, sha256] = expected;
    const image = await decodeImage(folder + file);
    expect(`${image.width}x${image.height}x${image.channels}`).toBe(shape);
    expect(image.data.length).toBe(image.width * image.height * image.channels);
    expect(image).toMatchObject({ bits, pages });
    const found = statistics(image);
    expect(found).toMatchObject({ min, max });
    const lossy = sha256 === '';
    expect(Math.abs(found.mean - mean)).toBeLessThan(lossy ? 0.2 : 0.0005);
    expect(lossy ? '' : sha256OfPixels(image).slice(0, 16)).toBe(sha256);
  });

  test.each(Object.entries(refused))('%s is refused', async (file, reason) => {
    const name = file.slice(file.indexOf('/') + 1);
    const before = process.memoryUsage().rss;
    const started = performance.now();
    const refusal = await decodeImage(folder + file).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(performance.now() - started).toBeLessThan(5000);
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 2 ** 20);
    expect(refusal).toMatchObject({ name: 'Failure', kind: 'unreadable' });
    const { message } = refusal as Error;
    expect(message.startsWith(`${name}: `)).toBe(true);
    expect(message.slice(name.length + 2)).toMatch(reason);
  });

  test('notes say what is not as the name or the samples say', async () => {
    const notes = async (file: string) => (await decodeImage(folder + file)).notes.join(' ');
    expect(await notes('real/brick.png')).toBe('');
    expect(await notes('broken/made_jpeg_named.png')).toMatch(/JPEG although the name promises PNG/);
    expect(await notes('broken/made_jpeg_named.dcm')).toMatch(/JPEG although the name promises DICOM/);
    expect(await notes('odd/made_rgba.png')).toMatch(/alpha channel was dropped/);
    expect(await notes('odd/made_exif_orientation6.jpg')).toMatch(/Turned upright/);
    expect(await notes('odd/made_multipage8.tif')).toMatch(/Page 1 of 10/);
    expect(await notes('odd/pillow_10ct_32bit_128.tiff')).toMatch(/black was assumed/);
    expect(await notes('broken/pillow_multipage_single_frame_loop.tiff')).toMatch(
      /does not follow the rules/,
    );
  });

  test('NaN and infinity are kept and counted', async () => {
    const image = await decodeImage(`${folder}odd/made_float32_nan.tif`);
    expect(statistics(image)).toMatchObject({ nanCount: 5120, infiniteCount: 256 });
  });

  test('a page of a multi-page TIFF can be asked for', async () => {
    const file = `${folder}odd/made_multipage8.tif`;
    const [first, last] = await Promise.all([decodeImage(file), decodeImage(file, { page: 9 })]);
    expect(last.page).toBe(9);
    expect(sha256OfPixels(last)).not.toBe(sha256OfPixels(first));
    await expect(decodeImage(file, { page: 10 })).rejects.toThrow('page 11 was asked for, it has 10');
  });
});
