import type { PixelArray } from '#shared/arrays.ts';
import { refuse } from './refusals.ts';
import { greyOf, oneBit } from './samples.ts';

interface BmpHeader {
  readonly width: number;
  readonly height: number;
  readonly topDown: boolean;
  readonly bitsPerPixel: number;
  readonly dataOffset: number;
  readonly paletteOffset: number;
  readonly paletteEntryBytes: 3 | 4;
  readonly paletteLength: number;
  /** Red, green, blue, alpha bit masks of 16- and 32-bit pixels. */
  readonly masks: readonly [number, number, number, number];
}

/** Width, height and layout of an uncompressed Windows bitmap; everything else is refused by name. */
export function readBmpHeader(bytes: Uint8Array, name: string): BmpHeader {
  if (bytes.length < 26) throw refuse(name, 'the BMP header is cut off');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerSize = view.getUint32(14, true);
  if (bytes.length < 14 + headerSize) throw refuse(name, 'the BMP header is cut off');
  const core = headerSize === 12;
  const width = core ? view.getUint16(18, true) : view.getInt32(18, true);
  const signedHeight = core ? view.getUint16(20, true) : view.getInt32(22, true);
  const bitsPerPixel = view.getUint16(core ? 24 : 28, true);
  const compression = core ? 0 : view.getUint32(30, true);
  if (width <= 0 || signedHeight === 0) throw refuse(name, 'the BMP header declares an image without pixels');
  if (compression === 1 || compression === 2) {
    throw refuse(name, 'run-length compressed BMP is not supported; save it uncompressed or as PNG');
  }
  const bitFields = compression === 3 || compression === 6;
  const known = bitFields ? [16, 32] : compression === 0 ? [1, 4, 8, 16, 24, 32] : [];
  if (!known.includes(bitsPerPixel)) {
    throw refuse(
      name,
      `BMP with ${bitsPerPixel} bits a pixel and compression ${compression} is not supported`,
    );
  }
  // A 40-byte header is followed by the masks; longer headers contain them at the same place.
  const masksAfterHeader = bitFields && headerSize === 40 ? (compression === 6 ? 16 : 12) : 0;
  if (bitFields && bytes.length < 54 + 16) throw refuse(name, 'the BMP header is cut off');
  const hasAlphaMask = bitFields && (headerSize >= 56 || compression === 6);
  const used = core ? 0 : view.getUint32(46, true);
  return {
    width,
    height: Math.abs(signedHeight),
    topDown: signedHeight < 0,
    bitsPerPixel,
    dataOffset: view.getUint32(10, true),
    paletteOffset: 14 + headerSize + masksAfterHeader,
    paletteEntryBytes: core ? 3 : 4,
    paletteLength: bitsPerPixel > 8 ? 0 : Math.min(used || 2 ** bitsPerPixel, 2 ** bitsPerPixel),
    masks: bitFields
      ? [
          view.getUint32(54, true),
          view.getUint32(58, true),
          view.getUint32(62, true),
          hasAlphaMask ? view.getUint32(66, true) : 0,
        ]
      : bitsPerPixel === 16
        ? [0x7c00, 0x3e0, 0x1f, 0]
        : [0xff0000, 0xff00, 0xff, 0],
  };
}

/**
 * Decode an uncompressed Windows bitmap: 1, 4, 8 bits with a palette, 16, 24, 32 bits.
 * libvips has no BMP reader, and the readers on npm ignore the data offset or know one header only.
 * A palette of greys gives one channel.
 */
export function decodeBmp(
  bytes: Uint8Array,
  header: BmpHeader,
  name: string,
): PixelArray & { alpha: boolean } {
  const { width, height, bitsPerPixel } = header;
  const stride = Math.floor((width * bitsPerPixel + 31) / 32) * 4;
  if (header.dataOffset < header.paletteOffset || header.dataOffset + stride * height > bytes.length) {
    throw refuse(
      name,
      `the BMP data is cut off: ${width} x ${height} pixels do not fit into ${bytes.length} bytes`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const colourOf = bitsPerPixel <= 8 ? paletteColours(bytes, header, name) : maskedColours(header, name);
  const rgb = new Uint8Array(width * height * 3);
  let out = 0;
  for (let y = 0; y < height; y++) {
    const row = header.dataOffset + (header.topDown ? y : height - 1 - y) * stride;
    for (let x = 0; x < width; x++) {
      const colour = colourOf(pixelAt(view, row, x, bitsPerPixel));
      rgb[out++] = colour >> 16;
      rgb[out++] = (colour >> 8) & 255;
      rgb[out++] = colour & 255;
    }
  }
  const grey = bitsPerPixel <= 8 ? greyOf(rgb) : undefined;
  const alpha = header.masks[3] !== 0;
  if (!grey) return { width, height, channels: 3, bits: 8, data: rgb, alpha };
  const binary = bitsPerPixel === 1 ? oneBit(grey) : undefined;
  return { width, height, channels: 1, bits: binary ? 1 : 8, data: binary ?? grey, alpha };
}

function pixelAt(view: DataView, row: number, x: number, bitsPerPixel: number): number {
  switch (bitsPerPixel) {
    case 32:
      return view.getUint32(row + x * 4, true);
    case 24:
      return view.getUint16(row + x * 3, true) | (view.getUint8(row + x * 3 + 2) << 16);
    case 16:
      return view.getUint16(row + x * 2, true);
    default: {
      const bit = x * bitsPerPixel;
      const shift = 8 - bitsPerPixel - (bit & 7);
      return (view.getUint8(row + (bit >> 3)) >> shift) & (2 ** bitsPerPixel - 1);
    }
  }
}

/** Palette index -> 0xRRGGBB. */
function paletteColours(bytes: Uint8Array, header: BmpHeader, name: string): (index: number) => number {
  const { paletteOffset, paletteEntryBytes: size, paletteLength } = header;
  if (paletteOffset + paletteLength * size > bytes.length) throw refuse(name, 'the BMP palette is cut off');
  const colours = Array.from({ length: paletteLength }, (_, i) => {
    const at = paletteOffset + i * size;
    return (bytes[at + 2]! << 16) | (bytes[at + 1]! << 8) | bytes[at]!;
  });
  return (index) => {
    const colour = colours[index];
    if (colour === undefined)
      throw refuse(name, `the BMP uses colour ${index} of a palette of ${paletteLength}`);
    return colour;
  };
}

/** Pixel value -> 0xRRGGBB; fields of fewer than 8 bits are stretched to 0..255. */
function maskedColours({ masks }: BmpHeader, name: string): (value: number) => number {
  const fields = masks.slice(0, 3).map((mask) => {
    const shift = mask === 0 ? 0 : 31 - Math.clz32(mask & -mask);
    return { shift, max: mask >>> shift };
  });
  if (fields.some(({ max }) => max > 255 || (max & (max + 1)) !== 0)) {
    throw refuse(name, 'BMP with more than 8 bits a colour is not supported; save it as 16-bit PNG or TIFF');
  }
  return (value) =>
    fields.reduce((colour, { shift, max }) => {
      const sample = (value >>> shift) & max;
      return (colour << 8) | (max === 255 || max === 0 ? sample : Math.round((sample * 255) / max));
    }, 0);
}
