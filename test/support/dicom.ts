/** Writes small DICOM files (PS3.10) for tests: explicit or implicit, either byte order, native or encapsulated pixels. */
import { deflateRawSync } from 'node:zlib';

export type DicomValue = string | number | readonly number[] | Uint8Array | readonly DicomElement[][];
export type DicomElement = readonly [tag: string, vr: string, value: DicomValue];

const longForms = new Set(['OB', 'OW', 'OF', 'OD', 'OL', 'SQ', 'UN', 'UT']);
const wordSizes: Readonly<Record<string, number>> = { US: 2, SS: 2, UL: 4, SL: 4, FL: 4, FD: 8, AT: 2 };

interface Encoding {
  readonly explicit: boolean;
  readonly littleEndian: boolean;
}

const meta: Encoding = { explicit: true, littleEndian: true };

const encodings: Readonly<Record<string, Encoding>> = {
  '1.2.840.10008.1.2': { explicit: false, littleEndian: true },
  '1.2.840.10008.1.2.2': { explicit: true, littleEndian: false },
};

export interface DicomOptions {
  readonly syntax?: string;
  readonly elements: readonly DicomElement[];
  /** Compressed frames; native pixel data is an element like any other. */
  readonly frames?: readonly Uint8Array[];
  readonly preamble?: boolean;
}

export function writeDicom(options: DicomOptions): Buffer {
  const { syntax = '1.2.840.10008.1.2.1', elements, frames, preamble = true } = options;
  const encoding = encodings[syntax] ?? meta;
  const sorted = [...elements].sort(([a], [b]) => (a < b ? -1 : 1));
  const body = [
    ...sorted.map((element) => writeElement(element, encoding)),
    frames ? encapsulate(frames) : empty,
  ];
  const data = Buffer.concat(body);
  if (!preamble) return data;
  const header = [Buffer.alloc(128), Buffer.from('DICM'), writeElement(['00020010', 'UI', syntax], meta)];
  const deflated = syntax === '1.2.840.10008.1.2.1.99' ? deflateRawSync(data) : data;
  return Buffer.concat([...header, deflated]);
}

const empty = Buffer.alloc(0);

function writeElement([tag, vr, value]: DicomElement, encoding: Encoding): Buffer {
  const bytes = valueBytes(vr, value, encoding);
  const header = Buffer.alloc(!encoding.explicit || !longForms.has(vr) ? 8 : 12);
  const u16 = (number: number, at: number) =>
    encoding.littleEndian ? header.writeUInt16LE(number, at) : header.writeUInt16BE(number, at);
  const u32 = (number: number, at: number) =>
    encoding.littleEndian ? header.writeUInt32LE(number, at) : header.writeUInt32BE(number, at);
  u16(Number.parseInt(tag.slice(0, 4), 16), 0);
  u16(Number.parseInt(tag.slice(4), 16), 2);
  if (!encoding.explicit) u32(bytes.length, 4);
  else {
    header.write(vr, 4, 'latin1');
    if (longForms.has(vr)) u32(bytes.length, 8);
    else u16(bytes.length, 6);
  }
  return Buffer.concat([header, bytes]);
}

function valueBytes(vr: string, value: DicomValue, encoding: Encoding): Buffer {
  if (vr === 'SQ') {
    const list = value as readonly DicomElement[][];
    return Buffer.concat(
      list.map((elements) => {
        const content = Buffer.concat(elements.map((element) => writeElement(element, encoding)));
        const item = Buffer.alloc(8);
        item.writeUInt16LE(0xfffe, 0);
        item.writeUInt16LE(0xe000, 2);
        item.writeUInt32LE(content.length, 4);
        return Buffer.concat([item, content]);
      }),
    );
  }
  if (value instanceof Uint8Array) return padded(Buffer.from(value), 0);
  const size = wordSizes[vr];
  if (size === undefined) return padded(Buffer.from(String(value), 'latin1'), vr === 'UI' ? 0 : 32);
  const numbers = (typeof value === 'object' ? value : [value]) as readonly number[];
  const bytes = Buffer.alloc(numbers.length * size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  numbers.forEach((number, i) => {
    const at = i * size;
    if (vr === 'FD') view.setFloat64(at, number, encoding.littleEndian);
    else if (vr === 'FL') view.setFloat32(at, number, encoding.littleEndian);
    else if (size === 2) view.setUint16(at, number & 0xffff, encoding.littleEndian);
    else view.setUint32(at, number, encoding.littleEndian);
  });
  return bytes;
}

const padded = (bytes: Buffer, filler: number): Buffer =>
  bytes.length % 2 === 0 ? bytes : Buffer.concat([bytes, Buffer.from([filler])]);

/** Pixel data of undefined length: an empty offset table, then one fragment a frame. */
function encapsulate(frames: readonly Uint8Array[]): Buffer {
  const item = (bytes: Uint8Array) => {
    const header = Buffer.from([0xfe, 0xff, 0x00, 0xe0, 0, 0, 0, 0]);
    const content = padded(Buffer.from(bytes), 0);
    header.writeUInt32LE(content.length, 4);
    return Buffer.concat([header, content]);
  };
  const start = Buffer.from([0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff]);
  const end = Buffer.from([0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0]);
  return Buffer.concat([start, item(empty), ...frames.map(item), end]);
}

export interface ImageOptions {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated?: number;
  readonly bitsStored?: number;
  readonly highBit?: number;
  readonly signed?: boolean;
  readonly samples?: number;
  readonly photometric?: string;
  readonly planar?: boolean;
  readonly frames?: number;
}

/** The image pixel module (PS3.3 C.7.6.3). */
export function imageElements(options: ImageOptions): DicomElement[] {
  const { rows, columns, bitsAllocated = 16, samples = 1, frames = 1 } = options;
  const bitsStored = options.bitsStored ?? bitsAllocated;
  return [
    ['00280002', 'US', samples],
    ['00280004', 'CS', options.photometric ?? 'MONOCHROME2'],
    ...(samples === 3 ? [['00280006', 'US', options.planar ? 1 : 0] as const] : []),
    ...(frames > 1 ? [['00280008', 'IS', String(frames)] as const] : []),
    ['00280010', 'US', rows],
    ['00280011', 'US', columns],
    ['00280100', 'US', bitsAllocated],
    ['00280101', 'US', bitsStored],
    ['00280102', 'US', options.highBit ?? bitsStored - 1],
    ['00280103', 'US', options.signed ? 1 : 0],
  ];
}

export const bytesOf = (data: ArrayBufferView): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
