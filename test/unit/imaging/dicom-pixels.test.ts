import dcmjsCodecs from 'dcmjs-codecs';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseDicom } from '#engine/imaging/dicom/parse.ts';
import { openFrames } from '#engine/imaging/dicom/pixels.ts';
import {
  bytesOf,
  type DicomElement,
  imageElements,
  type ImageOptions,
  writeDicom,
} from '../../support/dicom.ts';

const { Context, NativeCodecs } = dcmjsCodecs;
const base = '1.2.840.10008.1.2';
const [rows, columns] = [24, 37];

beforeAll(() => NativeCodecs.initializeAsync());

/** A smooth hill with a step: compresses in every codec, and a swapped or shifted sample shows. */
const hill = (low: number, high: number) =>
  Array.from({ length: rows * columns }, (_, i) => {
    const [x, y] = [i % columns, Math.floor(i / columns)];
    const share = Math.exp(-((x - 20) ** 2 + (y - 9) ** 2) / 120) * (x > 28 ? 0.4 : 1);
    return Math.round(low + (high - low) * share);
  });

async function framesOf(file: Buffer) {
  const reader = openFrames(parseDicom(file, 'made'));
  return { reader, data: Array.from<number>((await reader.frame(0)).data) };
}

const native = (image: ImageOptions, pixels: Uint8Array, vr = 'OW'): DicomElement[] => [
  ...imageElements(image),
  ['7FE00010', vr, pixels],
];

describe('native pixels', () => {
  const values = hill(-1000, 1900);
  const image = { rows, columns, signed: true };
  const little = bytesOf(Int16Array.from(values));

  test.each([
    ['implicit little endian', base, true],
    ['explicit little endian', `${base}.1`, true],
    ['explicit little endian without preamble', `${base}.1`, false],
    ['implicit little endian without preamble', base, false],
    ['deflated', `${base}.1.99`, true],
  ])('%s', async (_, syntax, preamble) => {
    const elements: DicomElement[] = [['00080008', 'CS', 'ORIGINAL'], ...native(image, little)];
    const { reader, data } = await framesOf(writeDicom({ syntax, elements, preamble }));
    expect(data).toEqual(values);
    expect(reader.diskType).toBe('int16');
  });

  test('explicit big endian', async () => {
    const swapped = Buffer.from(little).swap16();
    const { reader, data } = await framesOf(
      writeDicom({ syntax: `${base}.2`, elements: native(image, swapped) }),
    );
    expect(data).toEqual(values);
    expect(reader.diskType).toBe('>i2');
  });

  test('12 bits that end at bit 15, with an overlay in the bits below', async () => {
    const wanted = hill(-2000, 2000);
    const stored = Uint16Array.from(wanted, (value) => ((value & 0xfff) << 4) | 0x9);
    const layout = { rows, columns, bitsStored: 12, highBit: 15, signed: true };
    const { data } = await framesOf(writeDicom({ elements: native(layout, bytesOf(stored)) }));
    expect(data).toEqual(wanted);
  });

  test('32 and 1 bits', async () => {
    const wide = hill(5, 3_000_000_000);
    const layout = { rows, columns, bitsAllocated: 32 };
    const { data } = await framesOf(
      writeDicom({ elements: native(layout, bytesOf(Uint32Array.from(wide))) }),
    );
    expect(data).toEqual(wide);

    const bits = hill(0, 1);
    const packed = new Uint8Array(Math.ceil(bits.length / 8));
    bits.forEach((bit, i) => (packed[i >> 3]! |= bit << (i & 7)));
    const binary = await framesOf(
      writeDicom({ elements: native({ rows, columns, bitsAllocated: 1 }, packed, 'OB') }),
    );
    expect(binary.data).toEqual(bits);
  });

  test('planar colours come side by side, and YBR 4:2:2 comes as RGB', async () => {
    const [red, green, blue] = [hill(0, 255), hill(40, 90), hill(200, 10)];
    const layout = { rows, columns, bitsAllocated: 8, samples: 3, photometric: 'RGB', planar: true };
    const planar = await framesOf(
      writeDicom({ elements: native(layout, Uint8Array.from([...red, ...green, ...blue]), 'OB') }),
    );
    expect(planar.data.slice(0, 6)).toEqual([red[0], green[0], blue[0], red[1], green[1], blue[1]]);

    const grey = { rows: 1, columns: 2, bitsAllocated: 8, samples: 3, photometric: 'YBR_FULL_422' };
    const halved = await framesOf(
      writeDicom({ elements: native(grey, Uint8Array.of(76, 76, 85, 255), 'OB') }),
    );
    expect(halved.data).toEqual([254, 0, 0, 254, 0, 0]);
  });
});

describe('compressed pixels', () => {
  const context = (image: Required<Pick<ImageOptions, 'bitsAllocated' | 'bitsStored'>>, bytes: Uint8Array) =>
    new Context({
      width: columns,
      height: rows,
      bitsAllocated: image.bitsAllocated,
      bitsStored: image.bitsStored,
      samplesPerPixel: 1,
      pixelRepresentation: 0,
      planarConfiguration: 0,
      photometricInterpretation: 'MONOCHROME2',
      decodedBuffer: bytes,
    });
  const encoded = (of: InstanceType<typeof Context>) => Uint8Array.from(of.getEncodedBuffer() ?? []);

  const twelve = { bitsAllocated: 16, bitsStored: 12 };
  const eight = { bitsAllocated: 8, bitsStored: 8 };
  const deep = hill(0, 4095);
  const shallow = hill(0, 255);
  const deepContext = () => context(twelve, bytesOf(Uint16Array.from(deep)));
  const shallowContext = () => context(eight, Uint8Array.from(shallow));

  test.each([
    ['RLE', '.5', () => NativeCodecs.encodeRle(deepContext())],
    [
      'JPEG lossless, process 14',
      '.4.57',
      () => NativeCodecs.encodeJpeg(deepContext(), { lossy: false, predictor: 4 }),
    ],
    [
      'JPEG lossless, first order',
      '.4.70',
      () => NativeCodecs.encodeJpeg(deepContext(), { lossy: false, predictor: 1 }),
    ],
    ['JPEG-LS', '.4.80', () => NativeCodecs.encodeJpegLs(deepContext(), { lossy: false })],
    ['JPEG 2000', '.4.90', () => NativeCodecs.encodeJpeg2000(deepContext(), { lossy: false })],
    ['HTJ2K', '.4.201', () => NativeCodecs.encodeHtJpeg2000(deepContext(), { lossy: false })],
    [
      'HTJ2K RPCL',
      '.4.202',
      () => NativeCodecs.encodeHtJpeg2000(deepContext(), { lossy: false, progressionOrder: 2 }),
    ],
    ['JPEG XL', '.4.110', () => NativeCodecs.encodeJpegXl(deepContext(), { lossy: false })],
  ])('%s brings back every sample', async (_, syntax, encode) => {
    const frames = [encoded(encode())];
    const elements = imageElements({ rows, columns, ...twelve });
    const { reader, data } = await framesOf(writeDicom({ syntax: base + syntax, elements, frames }));
    expect(data).toEqual(deep);
    expect(reader.lossy).toBe(false);
  });

  test.each([
    [
      'JPEG baseline',
      '.4.50',
      eight,
      shallow,
      () => NativeCodecs.encodeJpeg(shallowContext(), { lossy: true, quality: 95 }),
    ],
    [
      'JPEG extended',
      '.4.51',
      eight,
      shallow,
      () => NativeCodecs.encodeJpeg(shallowContext(), { lossy: true, quality: 95 }),
    ],
    [
      'JPEG-LS near-lossless',
      '.4.81',
      twelve,
      deep,
      () => NativeCodecs.encodeJpegLs(deepContext(), { lossy: true, allowedLossyError: 3 }),
    ],
    [
      'JPEG 2000 lossy',
      '.4.91',
      eight,
      shallow,
      () => NativeCodecs.encodeJpeg2000(shallowContext(), { lossy: true, rate: 4 }),
    ],
  ])('%s comes close', async (_, syntax, bits, values, encode) => {
    const frames = [encoded(encode())];
    const elements = imageElements({ rows, columns, ...bits });
    const { reader, data } = await framesOf(writeDicom({ syntax: base + syntax, elements, frames }));
    const error = Math.max(...data.map((value, i) => Math.abs(value - values[i]!)));
    expect(error).toBeLessThan(Math.max(...values) / 25);
    expect(reader.lossy).toBe(true);
  });

  test('frames without an offset table are told apart by their fragments', async () => {
    const frames = [0, 1].map((shift) => {
      const values = Uint16Array.from(deep, (value) => Math.max(0, value - shift * 100));
      return encoded(NativeCodecs.encodeRle(context(twelve, bytesOf(values))));
    });
    const elements = imageElements({ rows, columns, ...twelve, frames: 2 });
    const reader = openFrames(parseDicom(writeDicom({ syntax: `${base}.5`, elements, frames }), 'made'));
    expect(Math.max(...(await reader.frame(1)).data)).toBe(Math.max(...deep) - 100);
  });

  test('damaged streams harm no other that is read at the same time', async () => {
    const syntax = `${base}.4.201`;
    const elements = imageElements({ rows, columns, ...twelve });
    const stream = encoded(NativeCodecs.encodeHtJpeg2000(deepContext(), { lossy: false }));
    const whole = writeDicom({ syntax, elements, frames: [stream] });
    const cut = writeDicom({ syntax, elements, frames: [stream.subarray(0, stream.length >> 1)] });
    const files = Array.from({ length: 24 }, (_, i) => (i % 3 === 1 ? cut : whole));
    const read = await Promise.allSettled(files.map(framesOf));
    expect(read.map(({ status }) => status)).toEqual(
      files.map((file) => (file === cut ? 'rejected' : 'fulfilled')),
    );
    const values = read.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.data] : []));
    expect(values.every((data) => data.every((value, i) => value === deep[i]))).toBe(true);
  });

  test('a stream of another size than the header says is refused before it is decoded', async () => {
    const frames = [encoded(NativeCodecs.encodeJpeg2000(deepContext(), { lossy: false }))];
    const elements = imageElements({ rows: rows + 1, columns, ...twelve });
    await expect(framesOf(writeDicom({ syntax: `${base}.4.90`, elements, frames }))).rejects.toThrow(
      'made: its JPEG 2000 data is 37 x 24 x 1, its header says 37 x 25 x 1',
    );
  });
});

describe('what is refused', () => {
  const refusal = (file: Buffer) => framesOf(file).then(String, (error: Error) => error.message);
  const image = native({ rows, columns }, new Uint8Array(rows * columns * 2));

  test.each([
    ['.4.102', 'made: MPEG-4 (H.264) video is not supported'],
    ['.4.107', 'made: HEVC (H.265) video is not supported'],
    ['.4.55', 'made: a retired JPEG process is not supported'],
    ['.9.9', `made: its transfer syntax ${base}.9.9 is not known`],
  ])('%s by its name', async (syntax, message) => {
    expect(await refusal(writeDicom({ syntax: base + syntax, elements: image }))).toBe(message);
  });

  test('what is not there', async () => {
    expect(await refusal(writeDicom({ elements: [['00080060', 'CS', 'SR']] }))).toBe(
      'made: it is a structured report and holds no image',
    );
    const short = native({ rows, columns, frames: 9 }, new Uint8Array(rows * columns * 2));
    expect(await refusal(writeDicom({ elements: short }))).toBe(
      'made: its 37 x 24 pixels in 9 frames need 15984 bytes, 1776 are there',
    );
  });
});
