import type { PixelArray } from '#shared/arrays.ts';
import type { SampleData } from './sample-array.ts';

/** Integers up to this magnitude are exact in a float32. */
const exactFloatInteger = 2 ** 24;

interface Samples {
  readonly data: PixelArray['data'];
  readonly bits: number;
}

/**
 * Samples as libvips delivers them (native byte order, which is little-endian on every platform Nidus
 * runs on), in the array type that holds them exactly: int8 widens to int16, 32-bit integers become
 * float32 where every value is exact in it. Undefined where no array type of PixelArray can hold them.
 */
export function exactSamples(raw: Uint8Array, depth: string): Samples | undefined {
  switch (depth) {
    case 'uchar':
      return { data: view(Uint8Array, raw), bits: 8 };
    case 'char':
      return { data: Int16Array.from(view(Int8Array, raw)), bits: 8 };
    case 'ushort':
      return { data: view(Uint16Array, raw), bits: 16 };
    case 'uint':
      return asFloat(view(Uint32Array, raw));
    case 'int':
      return asFloat(view(Int32Array, raw));
    case 'float':
      return { data: view(Float32Array, raw), bits: 32 };
    default:
      return undefined;
  }
}

function asFloat(integers: Uint32Array | Int32Array): Samples | undefined {
  for (const value of integers) if (Math.abs(value) > exactFloatInteger) return undefined;
  return { data: Float32Array.from(integers), bits: 32 };
}

interface NumberArrayConstructor<T extends SampleData> {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
}

/** The same bytes as numbers (never a Buffer, whose slice does not copy); copied only where they are not aligned. */
export function view<T extends SampleData>(type: NumberArrayConstructor<T>, bytes: Uint8Array): T {
  const aligned = bytes.byteOffset % type.BYTES_PER_ELEMENT === 0 ? bytes : Uint8Array.from(bytes);
  return new type(aligned.buffer, aligned.byteOffset, Math.floor(bytes.byteLength / type.BYTES_PER_ELEMENT));
}

/** One channel of an interleaved RGB image whose three channels agree everywhere, else undefined. */
export function greyOf(rgb: Uint8Array): Uint8Array | undefined {
  const grey = new Uint8Array(rgb.length / 3);
  for (let i = 0, j = 0; i < grey.length; i++, j += 3) {
    const red = rgb[j]!;
    if (rgb[j + 1] !== red || rgb[j + 2] !== red) return undefined;
    grey[i] = red;
  }
  return grey;
}

/** 0 and 255, as decoders deliver 1-bit images, back to 0 and 1 as stored; undefined where anything else occurs. */
export function oneBit(grey: Uint8Array): Uint8Array | undefined {
  const bits = new Uint8Array(grey.length);
  for (let i = 0; i < grey.length; i++) {
    if (grey[i] !== 0 && grey[i] !== 255) return undefined;
    bits[i] = grey[i]! & 1;
  }
  return bits;
}
