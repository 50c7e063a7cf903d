import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeImage, decodeImageBytes } from '#engine/imaging/decode.ts';
import { bmp, tiff } from './files.ts';

const decode = (bytes: Uint8Array, name = 'image') => decodeImageBytes(Buffer.from(bytes), { name });

const grey16 = Uint16Array.from([0, 1, 255, 256, 32767, 65535]);
const raw16 = (data: Uint16Array, channels: 1 | 3) =>
  sharp(data, { raw: { width: 2, height: data.length / channels / 2, channels } }).toColourspace(
    channels === 1 ? 'grey16' : 'rgb16',
  );

describe('samples come as stored', () => {
  test.each(['png', 'tiff'] as const)('16-bit grey %s', async (format) => {
    const image = await decode(await raw16(grey16, 1).toFormat(format, { compression: 'lzw' }).toBuffer());
    expect(image).toMatchObject({ width: 2, height: 3, channels: 1, bits: 16, format });
    expect(image.data).toEqual(grey16);
  });

  test('16-bit RGB', async () => {
    const image = await decode(await raw16(grey16, 3).png().toBuffer());
    expect(image).toMatchObject({ width: 2, height: 1, channels: 3, bits: 16 });
    expect(image.data).toEqual(grey16);
  });

  test('8-bit grey is one plain array of one channel', async () => {
    const data = Uint8Array.from([0, 1, 2, 127, 128, 255]);
    const raw = { width: 3, height: 2, channels: 1 } as const;
    const image = await decode(await sharp(data, { raw }).toColourspace('b-w').png().toBuffer());
    expect(image).toMatchObject({ channels: 1, bits: 8 });
    expect(image.data).toEqual(data);
    expect(Buffer.isBuffer(image.data)).toBe(false);
  });

  const numbers = {
    int16: Int16Array.from([-32768, -1, 0, 1, 32767, -1000]),
    uint16: grey16,
    float32: Float32Array.from([NaN, -Infinity, 0.1, -0, 1e-30, 3]),
  };
  test.each(Object.entries(numbers))('%s TIFF, either byte order', async (_type, data) => {
    for (const littleEndian of [true, false]) {
      const image = await decode(tiff(data, { width: 3, littleEndian }));
      expect(image).toMatchObject({ width: 3, height: 2, channels: 1, bits: data.BYTES_PER_ELEMENT * 8 });
      expect(image.data).toEqual(data);
    }
  });

  test('int8 widens to int16, 32-bit integers become float32 where that is exact', async () => {
    const int8 = await decode(tiff(Int8Array.from([-128, 0, 127]), { width: 3 }));
    expect(int8).toMatchObject({ bits: 8, data: Int16Array.from([-128, 0, 127]) });
    const int32 = await decode(tiff(Int32Array.from([-70_000, 0, 16_777_216]), { width: 3 }));
    expect(int32).toMatchObject({ bits: 32, data: Float32Array.from([-70_000, 0, 16_777_216]) });
    await expect(decode(tiff(Int32Array.from([16_777_217]), { width: 1 }))).rejects.toThrow(/kept exactly/);
  });

  test('unsigned samples with zero as white are inverted, signed and float ones are not', async () => {
    const white = { width: 2, photometric: 0 };
    const inverted = await decode(tiff(Uint16Array.from([0, 65_000]), white));
    expect(inverted.data).toEqual(Uint16Array.from([65_535, 535]));
    expect(inverted.notes.join()).toMatch(/inverted/);
    const signed = Int16Array.from([-5, 7]);
    expect((await decode(tiff(signed, white))).data).toEqual(signed);
    const float = Float32Array.from([-5.5, 7]);
    expect((await decode(tiff(float, white))).data).toEqual(float);
  });

  test('a grey TIFF without PhotometricInterpretation is read with a note', async () => {
    const data = Float32Array.from([-3, 0.5]);
    const image = await decode(tiff(data, { width: 2, photometric: undefined }));
    expect(image.data).toEqual(data);
    expect(image.notes.join()).toMatch(/black was assumed/);
  });

  test('an embedded colour profile is not applied', async () => {
    const rgb = { r: 10, g: 100, b: 200 };
    const source = sharp({ create: { width: 1, height: 1, channels: 3, background: rgb } });
    const image = await decode(await source.png().withIccProfile('p3', { attach: true }).toBuffer());
    const stored = await sharp(await source.png().withIccProfile('p3').toBuffer(), { ignoreIcc: true })
      .raw()
      .toBuffer();
    expect([...image.data]).toEqual([...stored]);
  });
});

describe('what is not stored as grey or RGB', () => {
  test('alpha is dropped without blending', async () => {
    const data = Uint8Array.from([200, 100, 50, 0, 10, 20, 30, 128]);
    const image = await decode(
      await sharp(data, { raw: { width: 2, height: 1, channels: 4 } })
        .png()
        .toBuffer(),
    );
    expect([...image.data]).toEqual([200, 100, 50, 10, 20, 30]);
    expect(image.notes).toEqual(['The alpha channel was dropped; colours are kept as stored.']);
  });

  test('a palette of greys gives one channel, one of colours three', async () => {
    const grey = Uint8Array.from([0, 0, 0, 90, 90, 90]);
    const colour = Uint8Array.from([0, 0, 0, 90, 90, 91]);
    const raw = { width: 2, height: 1, channels: 3 } as const;
    const gif = (data: Uint8Array) => sharp(data, { raw }).gif({ dither: 0 }).toBuffer();
    expect(await decode(await gif(grey))).toMatchObject({ channels: 1, data: Uint8Array.from([0, 90]) });
    expect(await decode(await gif(colour))).toMatchObject({ channels: 3 });
  });

  test('1-bit images hold 0 and 1', async () => {
    const raw = { width: 2, height: 1, channels: 1 } as const;
    const bytes = await sharp(Uint8Array.from([0, 255]), { raw })
      .toColourspace('b-w')
      .tiff({ bitdepth: 1, compression: 'none' })
      .toBuffer();
    expect(await decode(bytes)).toMatchObject({ channels: 1, bits: 1, data: Uint8Array.from([0, 1]) });
  });

  test('EXIF orientation is applied', async () => {
    const raw = { width: 2, height: 1, channels: 3 } as const;
    const stored = sharp(Uint8Array.from([1, 2, 3, 4, 5, 6]), { raw }).withMetadata({ orientation: 8 });
    const image = await decode(await stored.png().toBuffer());
    expect(image).toMatchObject({ width: 1, height: 2 });
    expect([...image.data]).toEqual([4, 5, 6, 1, 2, 3]);
  });

  test('CMYK becomes RGB', async () => {
    const ink = sharp({ create: { width: 8, height: 8, channels: 3, background: '#ffffff' } });
    const image = await decode(await ink.toColourspace('cmyk').jpeg().toBuffer());
    expect(image).toMatchObject({ channels: 3, bits: 8 });
    expect(image.data.every((sample) => sample > 250)).toBe(true);
    expect(image.notes.join()).toMatch(/CMYK/);
  });
});

describe('BMP', () => {
  test.each([
    [
      '24 bits, bottom up, padded rows',
      bmp({
        bitsPerPixel: 24,
        width: 1,
        rows: [
          [1, 2, 3],
          [4, 5, 6],
        ],
      }),
      3,
      8,
      [3, 2, 1, 6, 5, 4],
    ],
    [
      '24 bits, top down',
      bmp({
        bitsPerPixel: 24,
        width: 1,
        rows: [
          [1, 2, 3],
          [4, 5, 6],
        ],
        topDown: true,
      }),
      3,
      8,
      [3, 2, 1, 6, 5, 4],
    ],
    ['32 bits', bmp({ bitsPerPixel: 32, width: 1, rows: [[1, 2, 3, 9]] }), 3, 8, [3, 2, 1]],
    ['16 bits, 5 a colour', bmp({ bitsPerPixel: 16, width: 1, rows: [[0x1f, 0x7c]] }), 3, 8, [255, 0, 255]],
    [
      '8 bits, grey palette',
      bmp({
        bitsPerPixel: 8,
        width: 2,
        rows: [[1, 0]],
        palette: [
          [7, 7, 7],
          [90, 90, 90],
        ],
      }),
      1,
      8,
      [90, 7],
    ],
    [
      '4 bits, odd width',
      bmp({
        bitsPerPixel: 4,
        width: 3,
        rows: [[0x10, 0x10]],
        palette: [
          [0, 0, 0],
          [1, 2, 3],
        ],
      }),
      3,
      8,
      [3, 2, 1, 0, 0, 0, 3, 2, 1],
    ],
    [
      '1 bit, black and white',
      bmp({
        bitsPerPixel: 1,
        width: 3,
        rows: [[0b10100000]],
        palette: [
          [0, 0, 0],
          [255, 255, 255],
        ],
      }),
      1,
      1,
      [1, 0, 1],
    ],
  ])('%s', async (_kind, bytes, channels, bits, data) => {
    const image = await decode(bytes);
    expect(image).toMatchObject({ format: 'bmp', channels, bits });
    expect([...image.data]).toEqual(data);
  });

  test.each([
    ['cut off', bmp({ bitsPerPixel: 24, width: 1, rows: [[1, 2, 3]] }).subarray(0, 56), /cut off/],
    [
      'run-length coded',
      bmp({ bitsPerPixel: 8, width: 1, rows: [[0]], palette: [[0, 0, 0]], compression: 1 }),
      /run-length/,
    ],
    [
      'beyond its palette',
      bmp({ bitsPerPixel: 8, width: 1, rows: [[5]], palette: [[0, 0, 0]] }),
      /colour 5 of a palette of 1/,
    ],
    ['without pixels', bmp({ bitsPerPixel: 24, width: 0, rows: [[]] }), /without pixels/],
  ])('refused when %s', async (_kind, bytes, reason) => {
    await expect(decode(bytes)).rejects.toThrow(reason);
  });
});

describe('refusals', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nidus-decode-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const noise = (width: number, height: number) =>
    sharp({
      create: {
        width,
        height,
        channels: 3,
        background: 'black',
        noise: { type: 'gaussian', mean: 128, sigma: 30 },
      },
    });

  test.each(['png', 'jpeg', 'tiff', 'webp'] as const)('every %s cut off anywhere', async (format) => {
    const whole = await noise(40, 30).toFormat(format).toBuffer();
    for (const part of [0.02, 0.1, 0.5, 0.9, 0.97]) {
      await expect(decode(whole.subarray(0, whole.length * part), 'x')).rejects.toMatchObject({
        kind: 'unreadable',
      });
    }
  });

  test('more pixels than the limit, and pixels that cannot be in so few bytes', async () => {
    const bytes = await noise(200, 100).png().toBuffer();
    await expect(decodeImageBytes(bytes, { name: 'x.png', maxPixels: 19_999 })).rejects.toThrow(
      'x.png: it declares 200 x 100 pixels, more than the limit',
    );
    const bomb = tiff(Uint16Array.from([1]), { width: 1 });
    for (const widthOrHeight of [20, 32]) bomb.writeUInt16LE(9000, widthOrHeight);
    await expect(decode(bomb, 'x.tif')).rejects.toThrow(/far more than its \d+ bytes can hold/);
  });

  test('an image without a finite value', async () => {
    await expect(decode(tiff(Float32Array.from([NaN, Infinity]), { width: 2 }))).rejects.toThrow(
      /no finite value/,
    );
  });

  test('folders, missing files and circular links, by name', async () => {
    await mkdir(join(folder, 'folder'));
    await symlink(join(folder, 'circle'), join(folder, 'circle'));
    const refusal = (name: string) => decodeImage(join(folder, name));
    await expect(refusal('folder')).rejects.toThrow('folder: it is a folder');
    await expect(refusal('missing.png')).rejects.toThrow('missing.png: the file does not exist');
    await expect(refusal('circle')).rejects.toThrow('circle: its symbolic link runs in a circle');
  });

  test('the name shown can be given', async () => {
    await writeFile(join(folder, 'empty'), '');
    await expect(decodeImage(join(folder, 'empty'), { name: 'test/good/1.png' })).rejects.toThrow(
      'test/good/1.png: the file is empty',
    );
  });
});
