import { Failure } from './errors.ts';

/** Element types of NumPy's .npy format that Nidus reads and writes, named as in the format. */
export type NpyType = 'f2' | 'f4' | 'f8' | 'u1' | 'i1' | 'u2' | 'i2' | 'u4' | 'i4' | 'i8' | 'b1';

export type NpyData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigInt64Array;

/**
 * An array in C order. `f2` is held as Float32Array, `b1` as Uint8Array of 0 and 1,
 * `i8` as BigInt64Array.
 */
export interface NpyArray {
  readonly type: NpyType;
  readonly shape: readonly number[];
  readonly data: NpyData;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

const itemBytes: Record<NpyType, number> = {
  f2: 2,
  f4: 4,
  f8: 8,
  u1: 1,
  i1: 1,
  u2: 2,
  i2: 2,
  u4: 4,
  i4: 4,
  i8: 8,
  b1: 1,
};

const isNpyType = (text: string): text is NpyType => Object.hasOwn(itemBytes, text);

interface Header {
  readonly type: NpyType;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  readonly dataStart: number;
}

function parseHeader(bytes: Uint8Array, name: string): Header {
  const refuse = (reason: string): Failure => new Failure('unreadable', `${name}: ${reason}.`);
  if (bytes.length < 10 || magic.some((byte, i) => bytes[i] !== byte)) throw refuse('not a NumPy .npy file');
  const version = bytes[6]!;
  if (version !== 1 && version !== 2) throw refuse(`unknown .npy version ${version}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lengthBytes = version === 1 ? 2 : 4;
  if (bytes.length < 8 + lengthBytes) throw refuse('the .npy header is cut off');
  const headerLength = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const dataStart = 8 + lengthBytes + headerLength;
  if (dataStart > bytes.length) throw refuse('the .npy header is cut off');
  const header = new TextDecoder('latin1').decode(bytes.subarray(8 + lengthBytes, dataStart));

  const descr = /'descr'\s*:\s*'([<>|=])(\w+)'/.exec(header);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(header);
  const dimensions = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(header);
  if (!descr || !order || !dimensions) throw refuse('the .npy header is not that of a plain array');
  const type = descr[2]!;
  if (!isNpyType(type)) throw refuse(`.npy element type '${type}' is not supported`);
  if (descr[1] === '>' && itemBytes[type] > 1) throw refuse('big-endian .npy data is not supported');
  const shape = dimensions[1]!
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
  return { type, fortranOrder: order[1] === 'True', shape, dataStart };
}

/** IEEE 754 half precision bits to a number. */
function fromHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const floatBits = new DataView(new ArrayBuffer(4));

/** A number to IEEE 754 half precision bits, rounded to nearest, ties to even. */
function toHalf(value: number): number {
  floatBits.setFloat32(0, value);
  const bits = floatBits.getUint32(0);
  const sign = (bits >>> 16) & 0x8000;
  if (Number.isNaN(value)) return sign | 0x7e00;
  const magnitude = Math.abs(floatBits.getFloat32(0));
  if (magnitude >= 65520) return sign | 0x7c00;
  const exponent = Math.max(Math.floor(Math.log2(magnitude)), -14);
  const unit = 2 ** (exponent - 10);
  const steps = magnitude / unit;
  const below = Math.floor(steps);
  const rest = steps - below;
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below;
  // `rounded` carries the implicit bit (1024) of normal numbers, so adding lets a carry reach the exponent.
  return sign | (((exponent + 14) << 10) + rounded);
}

function elements(type: NpyType, buffer: ArrayBuffer): NpyData {
  switch (type) {
    case 'f2':
      return Float32Array.from(new Uint16Array(buffer), fromHalf);
    case 'f4':
      return new Float32Array(buffer);
    case 'f8':
      return new Float64Array(buffer);
    case 'u1':
    case 'b1':
      return new Uint8Array(buffer);
    case 'i1':
      return new Int8Array(buffer);
    case 'u2':
      return new Uint16Array(buffer);
    case 'i2':
      return new Int16Array(buffer);
    case 'u4':
      return new Uint32Array(buffer);
    case 'i4':
      return new Int32Array(buffer);
    case 'i8':
      return new BigInt64Array(buffer);
  }
}

/** Bytes of an array in Fortran order (first index fastest) to C order (last index fastest). */
function toRowMajor(bytes: Uint8Array, shape: readonly number[], size: number): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(bytes.length);
  const strides: number[] = [];
  let stride = size;
  for (const extent of shape) {
    strides.push(stride);
    stride *= extent;
  }
  const index = shape.map(() => 0);
  for (let target = 0; target < bytes.length; target += size) {
    const source = index.reduce((sum, position, axis) => sum + position * strides[axis]!, 0);
    for (let b = 0; b < size; b++) result[target + b] = bytes[source + b]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1;
      if (index[axis]! < shape[axis]!) break;
      index[axis] = 0;
    }
  }
  return result;
}

/**
 * Reads a NumPy .npy buffer: version 1 or 2, little endian, C or Fortran order (given back in C order).
 * Throws an 'unreadable' Failure that names `name` when the buffer is anything else or is cut off.
 */
export function readNpy(bytes: Uint8Array, name = 'The array'): NpyArray {
  const { type, fortranOrder, shape, dataStart } = parseHeader(bytes, name);
  const size = itemBytes[type];
  const byteLength = shape.reduce((product, extent) => product * extent, size);
  if (bytes.length - dataStart < byteLength) {
    const have = bytes.length - dataStart;
    throw new Failure(
      'unreadable',
      `${name}: the array needs ${byteLength} bytes of data, the file holds ${have}.`,
    );
  }
  const stored = bytes.slice(dataStart, dataStart + byteLength);
  const ordered = fortranOrder && shape.length > 1 ? toRowMajor(stored, shape, size) : stored;
  const buffer = new ArrayBuffer(byteLength);
  new Uint8Array(buffer).set(ordered);
  return { type, shape, data: elements(type, buffer) };
}

/** Writes a .npy buffer, version 1, little endian, C order, data aligned to 64 bytes. */
export function writeNpy({ type, shape, data }: NpyArray): Uint8Array {
  const count = shape.reduce((product, extent) => product * extent, 1);
  if (count !== data.length) {
    throw new Failure(
      'invalid',
      `An array of shape (${shape.join(', ')}) needs ${count} values, ${data.length} were given.`,
    );
  }
  const raw = type === 'f2' ? Uint16Array.from(data as Float32Array, toHalf) : data;
  if (raw.byteLength !== count * itemBytes[type]) {
    throw new Failure('invalid', `The values given are not of .npy type '${type}'.`);
  }
  const header = npyHeader(`'${itemBytes[type] === 1 ? '|' : '<'}${type}'`, shape);
  const result = new Uint8Array(header.length + raw.byteLength);
  result.set(header);
  result.set(new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength), header.length);
  return result;
}

/** What stands before the data of a .npy file in C order; `descr` as NumPy writes it, with its quotes. */
export function npyHeader(descr: string, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const dict = `{'descr': ${descr}, 'fortran_order': False, 'shape': (${tuple}), }`;
  const headerLength = Math.ceil((10 + dict.length + 1) / 64) * 64 - 10;
  const header = new Uint8Array(10 + headerLength);
  header.set(magic);
  header[6] = 1;
  new DataView(header.buffer).setUint16(8, headerLength, true);
  header.set(new TextEncoder().encode(`${dict.padEnd(headerLength - 1)}\n`), 10);
  return header;
}

/** The values as float32, the array itself when it holds them already. */
export function toFloat32({ data }: NpyArray): Float32Array {
  if (data instanceof Float32Array) return data;
  return Float32Array.from(data as ArrayLike<number | bigint>, Number);
}
