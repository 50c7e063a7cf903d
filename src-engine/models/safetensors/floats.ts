/** Stored numbers to float32, with a check that every one is finite. */

import { endianness } from 'node:os';
import { Failure } from '#shared/errors.ts';

type Decode = (bytes: Uint8Array<ArrayBuffer>) => Float32Array;

const elements = (bytes: Uint8Array<ArrayBuffer>, size: number): [ArrayBuffer, number, number] => [
  bytes.buffer,
  bytes.byteOffset,
  bytes.byteLength / size,
];

/** Bytes per element and conversion of the types that weights come in. Each is exact: float32 holds both 16-bit types. */
const floatTypes: Readonly<Record<string, { readonly bytes: number; readonly decode: Decode }>> = {
  F32: { bytes: 4, decode: (bytes) => new Float32Array(...elements(bytes, 4)) },
  F16: { bytes: 2, decode: (bytes) => Float32Array.from(new Float16Array(...elements(bytes, 2))) },
  BF16: { bytes: 2, decode: decodeBrainFloat },
};

/** A bfloat16 is the upper half of a float32. */
function decodeBrainFloat(bytes: Uint8Array<ArrayBuffer>): Float32Array {
  const halves = new Uint16Array(...elements(bytes, 2));
  const bits = new Uint32Array(halves.length);
  for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16;
  return new Float32Array(bits.buffer);
}

/**
 * How to read a type as float32.
 * @param what names tensor and file in the error.
 * @throws Failure `unreadable` for integers, 8-bit and 64-bit floats.
 */
export function floatType(dtype: string, what: string): { readonly bytes: number; readonly decode: Decode } {
  if (endianness() !== 'LE')
    throw new Failure('invalid', 'Weights can be read on little-endian machines only.');
  const type = floatTypes[dtype];
  if (!type) {
    throw new Failure('unreadable', `${what} is of type ${dtype}; weights can be F32, F16 or BF16.`);
  }
  return type;
}

const EXPONENT = 0x7f800000;

/** Index of the first NaN or infinity, -1 when there is none. */
export function firstNonFinite(values: Float32Array): number {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  for (let i = 0; i < bits.length; i++) if ((bits[i]! & EXPONENT) === EXPONENT) return i;
  return -1;
}
