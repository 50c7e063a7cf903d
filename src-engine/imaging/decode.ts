import type { Buffer } from 'node:buffer';
import { basename } from 'node:path';
import type { PixelArray } from '#shared/arrays.ts';
import { decodeBmp, readBmpHeader } from './bmp.ts';
import { requireReadableSize, startOf, withFile } from './file.ts';
import { formatNames, formatOfName, isRasterFormat, sniffFormat, sniffLength, noMgh } from './formats.ts';
import type { RasterFormat } from './formats.ts';
import { refuse, refuseDecoding } from './refusals.ts';
import { alphaNote, decodeWithVips, requirePage } from './vips.ts';

const maxDecodedBytes = 2 ** 30;
/** Below this size a high compression ratio is no danger; above it nothing photographed or scanned reaches it. */
const bombBytes = 2 ** 26;
const bombRatio = 2000;

export interface DecodeOptions {
  /** Shown in errors instead of the file name. */
  readonly name?: string;
  /** Page of a TIFF, frame of a GIF or WebP, 0 = first. */
  readonly page?: number;
  /** Default 100 million. */
  readonly maxPixels?: number;
}

/** Decoded pixels and what is worth knowing about how they came about. */
export interface DecodedImage extends PixelArray {
  readonly format: RasterFormat;
  /** Pages or frames in the file; 1 for formats that have none. */
  readonly pages: number;
  readonly page: number;
  /** Sentences on everything that is not as the file's name or samples say, for the import report. */
  readonly notes: readonly string[];
}

/**
 * Decode a PNG, JPEG, TIFF, BMP, WebP or GIF file; the content decides, not the extension.
 *
 * Samples come as stored: 8 and 16 bits, int16 and float32 (NaN included) bit for bit, 1-bit as 0 and 1, int8
 * widened to int16, 32-bit integers as float32 where that is exact; only 2- and 4-bit grey is stretched, to 8
 * bits. Grey stays one channel; palettes are expanded, to one channel where all their colours are grey. Alpha is
 * dropped and colours are not blended with a background. No colour profile and no gamma is applied, except
 * CMYK, which is converted to sRGB. TIFFs of unsigned samples where zero is white are inverted, so that zero is
 * always black. EXIF orientation is applied.
 *
 * @throws Failure 'unreadable', "NAME: reason": damaged, cut off, not an image, too large, or samples that
 * cannot be kept exactly. Nothing half decoded is ever returned.
 */
export async function decodeImage(path: string, options: DecodeOptions = {}): Promise<DecodedImage> {
  const name = options.name ?? basename(path);
  return decodeImageBytes(await readImageFile(path, name), { ...options, name });
}

const readImageFile = (path: string, name: string): Promise<Buffer> =>
  withFile(path, name, async (file, size) => {
    requireReadableSize(size, name);
    // What is not an image is mostly told from its start: no need to read a large file for that.
    requireRasterFormat(await startOf(file, Math.min(size, sniffLength)), name);
    return file.readFile();
  });

function requireRasterFormat(head: Uint8Array, name: string): RasterFormat {
  if (head.length === 0) throw refuse(name, 'the file is empty');
  const format = sniffFormat(head);
  if (isRasterFormat(format)) return format;
  if (/\.mg[hz]$/i.test(name)) throw refuse(name, noMgh);
  const readable = 'PNG, JPEG, TIFF, BMP, WebP and GIF are read';
  if (format === undefined) throw refuse(name, `it is not an image (${readable})`);
  if (format === 'text') throw refuse(name, `it is a text file, not an image (${readable})`);
  throw refuse(name, `it is a ${formatNames[format]} file, which is not supported (${readable})`);
}

/** As `decodeImage`, of a whole file in memory. */
export async function decodeImageBytes(
  bytes: Buffer,
  options: DecodeOptions & { name: string },
): Promise<DecodedImage> {
  const { name, page = 0, maxPixels = 100_000_000 } = options;
  const format = requireRasterFormat(bytes, name);
  const notes: string[] = [];
  const promised = formatOfName(name);
  if (promised !== undefined && promised !== format) {
    notes.push(`The content is ${formatNames[format]} although the name promises ${formatNames[promised]}.`);
  }
  const checkSize = (width: number, height: number, bytesPerPixel: number) => {
    const size = `${width} x ${height} pixels`;
    if (width * height > maxPixels) {
      throw refuse(
        name,
        `it declares ${size}, more than the limit of ${Math.round(maxPixels / 1e6)} megapixels`,
      );
    }
    const decodedBytes = width * height * bytesPerPixel;
    if (decodedBytes > maxDecodedBytes)
      throw refuse(name, `its ${size} would take more than 1 GiB of memory`);
    if (decodedBytes > bombBytes && decodedBytes > bytes.length * bombRatio) {
      throw refuse(name, `it declares ${size}, far more than its ${bytes.length} bytes can hold`);
    }
  };

  if (format === 'bmp') {
    requirePage(page, 1, name);
    const header = readBmpHeader(bytes, name);
    checkSize(header.width, header.height, 3);
    const { alpha, ...pixels } = decodeBmp(bytes, header, name);
    if (alpha) notes.push(alphaNote);
    return { ...pixels, format, pages: 1, page, notes };
  }
  try {
    const pixels = await decodeWithVips(bytes, format, { name, page, checkSize, notes });
    return { ...pixels, format, page, notes };
  } catch (error) {
    throw refuseDecoding(name, format, error);
  }
}
