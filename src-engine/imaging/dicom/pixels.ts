import { refuse } from '../refusals.ts';
import type { SampleArray, SampleData } from '../sample-array.ts';
import { view } from '../samples.ts';
import { tags } from './attributes.ts';
import { unpackBits } from './bits.ts';
import { decodeFrame } from './codecs.ts';
import { rgbFromYbr, sideBySide, upsampled422 } from './colours.ts';
import { compressedFrames } from './frames.ts';
import { type ImageLayout, readLayout } from './layout.ts';
import type { DicomFile } from './parse.ts';
import { transferSyntax } from './transfer-syntaxes.ts';

const maxFrameBytes = 2 ** 28;
/** Above this size nothing an imaging device makes compresses by more than `bombRatio`. */
const bombBytes = 2 ** 26;
const bombRatio = 2000;

/** Reads frames of one file, one at a time, so that a long one leaves room for other work in between. */
export interface FrameReader {
  readonly layout: ImageLayout;
  readonly lossy: boolean;
  /** NumPy's name of the samples as the file holds them, e.g. "uint16" or ">i2". */
  readonly diskType: string;
  /** Stored samples of a frame (0 = first): rows x columns, x 3 for colours, which are RGB. */
  frame(index: number): Promise<SampleArray>;
}

/**
 * Opens the pixels of a file: native of any byte order and depth, RLE, JPEG, JPEG-LS, JPEG 2000, HTJ2K, JPEG XL.
 * Samples are what the file stores: nothing is windowed or rescaled, grey where white is 0 is not inverted, palettes stay
 * indices. Only YBR becomes RGB (PS3.3 C.7.6.3.1.2), and bits outside of Bits Stored are left out.
 * @throws Failure 'unreadable' that names what is wrong or which transfer syntax is not read.
 */
export function openFrames(file: DicomFile): FrameReader {
  const { dataSet, name } = file;
  const syntax = transferSyntax(file.transferSyntax);
  if (!syntax) throw refuse(name, `its transfer syntax ${file.transferSyntax || '(none)'} is not known`);
  if (!syntax.encoding) throw refuse(name, `${syntax.name} is not supported`);
  const layout = readLayout(file);
  const frameSamples = layout.rows * layout.columns * layout.samples;
  const frameBytes = frameSamples * Math.max(1, layout.bitsAllocated / 8);
  const size = `${layout.columns} x ${layout.rows} pixels`;
  if (frameBytes > maxFrameBytes) throw refuse(name, `it declares ${size}, more than 256 MiB a frame`);

  if (syntax.encoding === 'native') {
    const native = nativeFrames(file, layout);
    const bigEndian = isBigEndian(dataSet);
    return {
      layout,
      lossy: false,
      diskType: typeName(layout, bigEndian),
      frame: async (index) => ({ shape: frameShape(layout), data: native(index) }),
    };
  }
  const { encoding } = syntax;
  const frames = compressedFrames(dataSet, layout.frames, name);
  return {
    layout,
    lossy: syntax.lossy ?? false,
    diskType: typeName(layout, false),
    async frame(index) {
      const encoded = frames[index]!();
      if (frameBytes > bombBytes && frameBytes > encoded.length * bombRatio) {
        throw refuse(name, `it declares ${size}, far more than its ${encoded.length} bytes can hold`);
      }
      const decoded = await decodeFrame(encoded, encoding, layout, name);
      let data = widened(typed(decoded.bytes, decoded.bytesPerSample, layout, encoding !== 'rle'), layout);
      // Codecs give colours side by side, except RLE, which keeps the order of the file.
      if (encoding === 'deflated-frames' && layout.planar) data = sideBySide(data, layout);
      // JPEG XL streams carry RGB whatever the header says.
      if (isYbr(layout) && encoding !== 'jpeg-xl') data = rgbFromYbr(data, layout);
      return { shape: frameShape(layout), data };
    },
  };
}

/** YBR_RCT and YBR_ICT are part of JPEG 2000, whose decoder has turned them back. */
const isYbr = ({ samples, bitsAllocated, photometric }: ImageLayout): boolean =>
  samples === 3 && bitsAllocated === 8 && /^YBR_(FULL|PARTIAL)/.test(photometric);

const frameShape = ({ rows, columns, samples }: ImageLayout): number[] =>
  samples === 3 ? [rows, columns, 3] : [rows, columns];

/** As NumPy writes it. */
function typeName({ kind, signed, bitsAllocated }: ImageLayout, bigEndian: boolean): string {
  const bits = Math.max(8, bitsAllocated);
  const letter = kind === 'float' ? 'f' : signed ? 'i' : 'u';
  const word = { f: 'float', i: 'int', u: 'uint' }[letter];
  return bigEndian && bits > 8 ? `>${letter}${bits / 8}` : `${word}${bits}`;
}

function nativeFrames({ dataSet, name }: DicomFile, layout: ImageLayout): (index: number) => SampleData {
  const element =
    dataSet.elements[tags.pixelData] ??
    dataSet.elements[tags.floatPixelData] ??
    dataSet.elements[tags.doublePixelData]!;
  const { rows, columns, samples, frames, bitsAllocated } = layout;
  const halved = layout.photometric === 'YBR_FULL_422' || layout.photometric === 'YBR_PARTIAL_422';
  const frameBits = rows * columns * (halved ? 2 : samples) * bitsAllocated;
  const needed = Math.ceil((frameBits * frames) / 8);
  const present = Math.min(element.length, dataSet.byteArray.length - element.dataOffset);
  if (needed > present) {
    const size = `${columns} x ${rows} pixels${frames > 1 ? ` in ${frames} frames` : ''}`;
    throw refuse(name, `its ${size} need ${needed} bytes, ${present} are there`);
  }
  const bytes = dataSet.byteArray.subarray(element.dataOffset, element.dataOffset + element.length);
  if (bitsAllocated === 1) return (index) => unpackBits(bytes, index * frameBits, frameBits);
  const bigEndian = isBigEndian(dataSet);
  const frameBytes = frameBits / 8;
  return (index) => {
    // A copy, which `slice` of a Buffer would not be: what follows works in place, and the file is kept for the next reader.
    const stored = new Uint8Array(bytes.subarray(index * frameBytes, (index + 1) * frameBytes));
    // OB pixel data is a string of bytes; only words are swapped.
    if (bigEndian && bitsAllocated > 8) swap(stored, bitsAllocated / 8);
    let data = typed(stored, (bitsAllocated / 8) as 1 | 2 | 4 | 8, layout);
    if (halved) data = upsampled422(data, layout);
    else if (layout.planar) data = sideBySide(data, layout);
    return isYbr(layout) ? rgbFromYbr(data, layout) : data;
  };
}

/** The parser of a big-endian data set reads the same two bytes the other way round. */
const isBigEndian = ({ byteArrayParser }: DicomFile['dataSet']): boolean =>
  byteArrayParser.readUint16(Uint8Array.of(0, 1), 0) === 1;

function swap(bytes: Uint8Array, size: number): void {
  for (let at = 0; at + size <= bytes.length; at += size) bytes.subarray(at, at + size).reverse();
}

/** An 8-bit stream in a file of 16-bit samples. */
function widened(data: SampleData, { bitsAllocated, signed }: ImageLayout): SampleData {
  if (data.BYTES_PER_ELEMENT * 8 >= bitsAllocated) return data;
  if (bitsAllocated === 16) return signed ? Int16Array.from(data) : Uint16Array.from(data);
  return signed ? Int32Array.from(data) : Uint32Array.from(data);
}

/** Little-endian bytes as numbers, with the bits that count: shifted down to bit 0, the sign extended. */
function typed(bytes: Uint8Array, size: 1 | 2 | 4 | 8, layout: ImageLayout, isDecoded = false): SampleData {
  const { kind, signed, bitsStored, highBit } = layout;
  if (kind === 'float') return size === 8 ? view(Float64Array, bytes) : view(Float32Array, bytes);
  const data =
    size === 1
      ? signed
        ? view(Int8Array, bytes)
        : view(Uint8Array, bytes)
      : size === 2
        ? signed
          ? view(Int16Array, bytes)
          : view(Uint16Array, bytes)
        : signed
          ? view(Int32Array, bytes)
          : view(Uint32Array, bytes);
  const bits = size * 8;
  if (bitsStored >= bits) return data;
  // Samples out of a codec begin at bit 0, and what a lossy one adds to the largest must not wrap round to the smallest.
  if (isDecoded && !signed) return data;
  const below = isDecoded ? 0 : highBit + 1 - bitsStored;
  const up = 32 - bitsStored;
  // Through 32-bit shifts, so that the sign of the highest stored bit is carried upwards.
  if (signed) for (let i = 0; i < data.length; i++) data[i] = ((data[i]! >> below) << up) >> up;
  else for (let i = 0; i < data.length; i++) data[i] = ((data[i]! >>> below) << up) >>> up;
  return data;
}
