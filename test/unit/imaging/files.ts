/** Small image files of kinds that sharp does not write, byte by byte. */

type Samples = Int8Array | Uint16Array | Int16Array | Int32Array | Float32Array;

interface TiffOptions {
  readonly width: number;
  readonly littleEndian?: boolean;
  /** 1 = black is zero; undefined = the tag is left out. */
  readonly photometric?: number | undefined;
}

/** An uncompressed grey TIFF of one strip. */
export function tiff(samples: Samples, options: TiffOptions): Buffer {
  const { width, littleEndian = true } = options;
  const photometric = 'photometric' in options ? options.photometric : 1;
  const bytesPerSample = samples.BYTES_PER_ELEMENT;
  const sampleFormat = samples instanceof Float32Array ? 3 : samples instanceof Uint16Array ? 1 : 2;
  const height = samples.length / width;
  const dataBytes = samples.byteLength + (samples.byteLength % 2);
  const entries: [tag: number, type: number, value: number][] = [
    [256, 3, width],
    [257, 3, height],
    [258, 3, bytesPerSample * 8],
    [259, 3, 1],
    ...(photometric === undefined ? [] : ([[262, 3, photometric]] as [number, number, number][])),
    [273, 4, 8],
    [277, 3, 1],
    [278, 3, height],
    [279, 4, samples.byteLength],
    [339, 3, sampleFormat],
  ];
  const file = Buffer.alloc(8 + dataBytes + 2 + entries.length * 12 + 4);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  view.setUint16(0, littleEndian ? 0x4949 : 0x4d4d);
  view.setUint16(2, 42, littleEndian);
  view.setUint32(4, 8 + dataBytes, littleEndian);
  Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength).copy(file, 8);
  const data = file.subarray(8, 8 + samples.byteLength);
  if (!littleEndian && bytesPerSample === 2) data.swap16();
  if (!littleEndian && bytesPerSample === 4) data.swap32();
  let at = 8 + dataBytes;
  view.setUint16(at, entries.length, littleEndian);
  at += 2;
  for (const [tag, type, value] of entries) {
    view.setUint16(at, tag, littleEndian);
    view.setUint16(at + 2, type, littleEndian);
    view.setUint32(at + 4, 1, littleEndian);
    if (type === 3) view.setUint16(at + 8, value, littleEndian);
    else view.setUint32(at + 8, value, littleEndian);
    at += 12;
  }
  return file;
}

interface BmpOptions {
  readonly bitsPerPixel: number;
  readonly width: number;
  /** Bytes of each row from the top, without padding. */
  readonly rows: readonly (readonly number[])[];
  /** Blue, green, red. */
  readonly palette?: readonly (readonly number[])[];
  readonly topDown?: boolean;
  readonly compression?: number;
}

/** A BMP with a 40-byte header and a gap between palette and pixels, as the format allows. */
export function bmp({
  bitsPerPixel,
  width,
  rows,
  palette = [],
  topDown = false,
  compression = 0,
}: BmpOptions): Buffer {
  const stride = Math.ceil((width * bitsPerPixel) / 32) * 4;
  const offset = 54 + palette.length * 4 + 6;
  const file = Buffer.alloc(offset + stride * rows.length);
  file.write('BM');
  file.writeUInt32LE(file.length, 2);
  file.writeUInt32LE(offset, 10);
  file.writeUInt32LE(40, 14);
  file.writeInt32LE(width, 18);
  file.writeInt32LE(topDown ? -rows.length : rows.length, 22);
  file.writeUInt16LE(1, 26);
  file.writeUInt16LE(bitsPerPixel, 28);
  file.writeUInt32LE(compression, 30);
  file.writeUInt32LE(palette.length, 46);
  palette.forEach((colour, i) => Buffer.from(colour).copy(file, 54 + i * 4));
  const stored = topDown ? rows : [...rows].reverse();
  stored.forEach((row, i) => Buffer.from(row).copy(file, offset + i * stride));
  return file;
}
