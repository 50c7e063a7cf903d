import { inflateRawSync } from 'node:zlib';
import dcmjsCodecs from 'dcmjs-codecs';
import { refuse } from '../refusals.ts';
import { readJpeg2000Header, readJpegHeader, type StreamHeader } from './code-stream.ts';
import type { ImageLayout } from './layout.ts';
import type { PixelEncoding } from './transfer-syntaxes.ts';

const { Context, NativeCodecs } = dcmjsCodecs;

type Compressed = Exclude<PixelEncoding, 'native'>;

/** Samples of one frame as the codec gives them: colours side by side, or plane after plane for RLE with planes. */
export interface DecodedFrame {
  readonly bytes: Uint8Array;
  readonly bytesPerSample: 1 | 2 | 4;
}

const titles: Readonly<Record<Compressed, string>> = {
  rle: 'RLE',
  jpeg: 'JPEG',
  'jpeg-ls': 'JPEG-LS',
  'jpeg-2000': 'JPEG 2000',
  htj2k: 'HTJ2K',
  'jpeg-xl': 'JPEG XL',
  'deflated-frames': 'deflated',
};

/** False until the codecs are loaded, and after a damaged stream: it may have left their memory in any state, and later streams would loop in it. */
let isReady = false;
let loading: Promise<void> | undefined;

async function load(): Promise<void> {
  NativeCodecs.release();
  await NativeCodecs.initializeAsync();
  isReady = true;
}

/**
 * One frame, decompressed. The codecs are those of dcmjs-codecs (IJG libjpeg, CharLS, OpenJPEG, OpenJPH, libjxl, compiled to
 * WebAssembly).
 * @throws Failure 'unreadable' where the stream is damaged or is not what the DICOM header says.
 */
export async function decodeFrame(
  encoded: Uint8Array,
  encoding: Compressed,
  layout: ImageLayout,
  name: string,
): Promise<DecodedFrame> {
  const title = titles[encoding];
  if (encoding === 'deflated-frames') return inflateFrame(encoded, layout, name);
  checkStream(encoded, encoding, layout, name);
  // Asked until it holds: between the end of loading and this turn another stream may have been damaged.
  while (!isReady) await (loading ??= load().finally(() => (loading = undefined)));
  const context = new Context({
    width: layout.columns,
    height: layout.rows,
    bitsAllocated: layout.bitsAllocated,
    bitsStored: layout.bitsStored,
    samplesPerPixel: layout.samples,
    pixelRepresentation: layout.signed ? 1 : 0,
    planarConfiguration: layout.planar ? 1 : 0,
    photometricInterpretation: layout.photometric,
    encodedBuffer: encoded,
  });
  try {
    const decoded = run(encoding, context);
    const bytes = decoded.getDecodedBuffer() ?? new Uint8Array();
    const samples = layout.rows * layout.columns * layout.samples;
    const bytesPerSample = bytes.length / samples;
    if (bytesPerSample !== 1 && bytesPerSample !== 2 && bytesPerSample !== 4) {
      throw refuse(name, `its ${title} data does not hold ${layout.columns} x ${layout.rows} pixels`);
    }
    // The buffer is a view of the codecs' memory, which the next frame overwrites.
    return { bytes: Uint8Array.from(bytes), bytesPerSample };
  } catch (error) {
    isReady = false;
    if ((error as { kind?: string }).kind === 'unreadable') throw error;
    throw refuse(name, `its ${title} data is damaged or cut off`, error);
  }
}

function run(encoding: Exclude<Compressed, 'deflated-frames'>, context: InstanceType<typeof Context>) {
  switch (encoding) {
    case 'rle':
      return NativeCodecs.decodeRle(context);
    case 'jpeg':
      return NativeCodecs.decodeJpeg(context, { convertColorspaceToRgb: false });
    case 'jpeg-ls':
      return NativeCodecs.decodeJpegLs(context);
    case 'jpeg-2000':
      return NativeCodecs.decodeJpeg2000(context);
    case 'htj2k':
      return NativeCodecs.decodeHtJpeg2000(context);
    case 'jpeg-xl':
      return NativeCodecs.decodeJpegXl(context);
  }
}

/** Size and kind of what the stream announces, against the DICOM header. */
function checkStream(encoded: Uint8Array, encoding: Compressed, layout: ImageLayout, name: string): void {
  const title = titles[encoding];
  const readers: Partial<Record<Compressed, (bytes: Uint8Array) => StreamHeader | undefined>> = {
    jpeg: readJpegHeader,
    'jpeg-ls': readJpegHeader,
    'jpeg-2000': readJpeg2000Header,
    htj2k: readJpeg2000Header,
  };
  const read = readers[encoding];
  if (!read) return;
  const header = read(encoded);
  if (!header) throw refuse(name, `its ${title} data is damaged or cut off`);
  if (header.flaw !== undefined) throw refuse(name, header.flaw);
  const { width, height, components } = header;
  if (width !== layout.columns || height !== layout.rows || components !== layout.samples) {
    throw refuse(
      name,
      `its ${title} data is ${width} x ${height} x ${components}, its header says ${layout.columns} x ${layout.rows} x ${layout.samples}`,
    );
  }
  if (header.precision > layout.bitsAllocated) {
    throw refuse(
      name,
      `its ${title} data has ${header.precision} bits, its header allows ${layout.bitsAllocated}`,
    );
  }
}

function inflateFrame(encoded: Uint8Array, layout: ImageLayout, name: string): DecodedFrame {
  const bytesPerSample = (layout.bitsAllocated / 8) as 1 | 2 | 4;
  const length = layout.rows * layout.columns * layout.samples * bytesPerSample;
  try {
    const bytes = inflateRawSync(encoded, { maxOutputLength: length + 1 });
    if (bytes.length >= length) return { bytes: bytes.subarray(0, length), bytesPerSample };
  } catch (error) {
    throw refuse(name, 'its deflated pixel data is damaged or cut off', error);
  }
  throw refuse(name, 'its deflated pixel data is cut off');
}
