import type { Buffer } from 'node:buffer';
import sharp from 'sharp';
import type { Metadata } from 'sharp';
import type { PixelArray } from '#shared/arrays.ts';
import type { RasterFormat } from './formats.ts';
import { refuse } from './refusals.ts';
import { exactSamples, greyOf, oneBit, view } from './samples.ts';
import { readTiffDirectory, withPhotometric, withUnsignedSamples } from './tiff.ts';

// Files are read once and decoded from memory, so libvips has nothing to cache but finished work.
sharp.cache(false);

const timeoutSeconds = 60;

const bytesOfDepth: Readonly<Record<string, number>> = { uchar: 1, char: 1, ushort: 2, short: 2 };

export const alphaNote = 'The alpha channel was dropped; colours are kept as stored.';

export function requirePage(page: number, pages: number, name: string): void {
  if (page < 0 || page >= pages) throw refuse(name, `page ${page + 1} was asked for, it has ${pages}`);
}

export interface VipsJob {
  readonly name: string;
  readonly page: number;
  readonly checkSize: (width: number, height: number, bytesPerPixel: number) => void;
  readonly notes: string[];
}

/** Decode with libvips; see `decodeImage` for what is kept and what is converted. Throws errors of libvips as they are. */
export async function decodeWithVips(
  file: Buffer,
  format: RasterFormat,
  { name, page, checkSize, notes }: VipsJob,
): Promise<PixelArray & { pages: number }> {
  const source = format === 'tiff' ? prepareTiff(file, page, notes) : { bytes: file, signed: false };
  const meta = await readMetadata(source.bytes, page, name);
  const pages = meta.pages ?? 1;
  const colours = coloursOf(meta, name);
  checkSize(meta.width, meta.height, meta.channels * (bytesOfDepth[meta.depth] ?? 4));

  const { data, info } = await readSamples(source.bytes, meta, {
    page,
    dropAlpha: meta.channels > colours,
    notes,
  });
  const { width, height, channels } = info;
  if (channels !== 1 && channels !== 3)
    throw refuse(name, `it has ${channels} colour channels; 1 or 3 are supported`);
  const samples = exactSamples(data, meta.depth);
  if (!samples) {
    throw refuse(
      name,
      'its 32-bit integer samples are too large to be kept exactly; save it as 16-bit or float',
    );
  }
  if (samples.data instanceof Float32Array && !samples.data.some(Number.isFinite)) {
    throw refuse(name, 'it holds no finite value');
  }
  if (meta.channels > colours && format !== 'gif') notes.push(alphaNote);
  if (colours === 4)
    notes.push('CMYK was converted to sRGB through its colour profile, or a general one where it has none.');
  if ((meta.orientation ?? 1) > 1) notes.push(`Turned upright by its orientation tag (${meta.orientation}).`);
  if (pages > 1) notes.push(`Page ${page + 1} of ${pages}.`);

  const base = { width, height, pages };
  if (source.signed && samples.data instanceof Uint16Array) {
    return { ...base, channels, bits: 16, data: view(Int16Array, data) };
  }
  if (samples.data instanceof Uint8Array) {
    const palette = meta.isPalette || format === 'gif';
    const grey = palette && channels === 3 ? greyOf(samples.data) : undefined;
    if (grey) return { ...base, channels: 1, bits: 8, data: grey };
    const binary = channels === 1 && meta.bitsPerSample === 1 ? oneBit(samples.data) : undefined;
    if (binary) return { ...base, channels, bits: 1, data: binary };
  }
  return { ...base, channels, ...samples };
}

async function readMetadata(bytes: Buffer, page: number, name: string): Promise<Metadata> {
  // The limit on pixels is ours, so that the refusal can name the size.
  const first = await sharp(bytes, { limitInputPixels: false }).metadata();
  requirePage(page, first.pages ?? 1, name);
  return page === 0 ? first : sharp(bytes, { limitInputPixels: false, page }).metadata();
}

async function readSamples(
  bytes: Buffer,
  meta: Metadata,
  { page, dropAlpha, notes }: { page: number; dropAlpha: boolean; notes: string[] },
) {
  const cmyk = meta.space === 'cmyk';
  const read = (failOn: 'warning' | 'error') => {
    const input = { failOn, limitInputPixels: false, page, autoOrient: true, ignoreIcc: !cmyk } as const;
    const image = dropAlpha ? sharp(bytes, input).removeAlpha() : sharp(bytes, input);
    return (
      image
        .timeout({ seconds: timeoutSeconds })
        // Naming the space the file is in is what keeps libvips from converting to 8-bit sRGB.
        .toColourspace(cmyk ? 'srgb' : meta.space)
        .raw({ depth: meta.depth })
        .toBuffer({ resolveWithObject: true })
    );
  };
  try {
    // The only level at which damage that libjpeg papers over is refused.
    return await read('warning');
  } catch (error) {
    if (meta.format !== 'tiff' || !String(error).includes('Warning treated as error')) throw error;
    // Warnings of libtiff are about tags out of order and the like, which many programs write; damaged
    // pixels are errors.
    const samples = await read('error');
    notes.push('The TIFF header does not follow the rules in places; the pixels were read completely.');
    return samples;
  }
}

/** Channels that carry colour; the rest is alpha, of which there may be one. */
function coloursOf(meta: Metadata, name: string): 1 | 3 | 4 {
  const known: Partial<Record<string, 1 | 3 | 4>> = {
    'b-w': 1,
    grey16: 1,
    srgb: 3,
    rgb16: 3,
    scrgb: 3,
    rgb: 3,
    cmyk: 4,
  };
  const colours = known[meta.space];
  if (colours === undefined)
    throw refuse(name, `its colour space (${meta.space}) is not supported; save it as grey or RGB`);
  if (meta.channels > colours + 1 || meta.channels < colours) {
    throw refuse(name, `it has ${meta.channels} channels; grey or RGB, with or without alpha, are supported`);
  }
  if (meta.depth === 'float' && meta.bitsPerSample === 16) {
    throw refuse(name, '16-bit float samples are not supported; save it as 32-bit float');
  }
  return colours;
}

/** Work around what libvips and sharp do not read as stored; see `tiff.ts`. */
function prepareTiff(file: Buffer, page: number, notes: string[]): { bytes: Buffer; signed: boolean } {
  const directory = readTiffDirectory(file, page);
  if (!directory) return { bytes: file, signed: false };
  const signed = directory.sampleFormat === 2 && directory.bitsPerSample === 16;
  if (signed) return { bytes: withUnsignedSamples(file, directory), signed };
  const completed = page === 0 ? withPhotometric(file, directory) : undefined;
  if (completed) notes.push('The TIFF does not say whether zero is black or white; black was assumed.');
  if (directory.premultiplied) notes.push('Colours stored multiplied with alpha were divided by it.');
  const inverted = directory.photometric === 0 && directory.sampleFormat === 1 && directory.bitsPerSample > 1;
  if (inverted) notes.push('Stored with zero as white; inverted, so that zero is black.');
  return { bytes: completed ?? file, signed: false };
}
