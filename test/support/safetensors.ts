/** Writes safetensors files, right ones and (with `header` changed) wrong ones. */
import { writeFileSync } from 'node:fs';

export interface StoredTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export type Tensors = Readonly<Record<string, StoredTensor>>;

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

export const f32 = (shape: readonly number[], values: ArrayLike<number>): StoredTensor => ({
  dtype: 'F32',
  shape,
  data: bytesOf(Float32Array.from(values)),
});

export const f16 = (shape: readonly number[], values: ArrayLike<number>): StoredTensor => ({
  dtype: 'F16',
  shape,
  data: bytesOf(Float16Array.from(values)),
});

/** Cuts off the lower half of each float32; exact for values that bfloat16 holds. */
export const bf16 = (shape: readonly number[], values: ArrayLike<number>): StoredTensor => ({
  dtype: 'BF16',
  shape,
  data: bytesOf(Uint16Array.from(new Uint32Array(Float32Array.from(values).buffer), (bits) => bits >>> 16)),
});

export const floats = ({ data }: StoredTensor): Float32Array => new Float32Array(data.slice().buffer);

interface HeaderEntry {
  dtype: string;
  shape: readonly number[];
  data_offsets: [number, number];
}

export type Header = Record<string, HeaderEntry>;

/** The bytes of a file; `change` may spoil the header before it is written. */
export function safetensors(tensors: Tensors, change: (header: Header) => unknown = () => {}): Buffer {
  const header: Header = {};
  let offset = 0;
  for (const [name, { dtype, shape, data }] of Object.entries(tensors)) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  change(header);
  const text = Buffer.from(JSON.stringify({ __metadata__: { format: 'pt' }, ...header }));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.byteLength));
  return Buffer.concat([length, text, ...Object.values(tensors).map(({ data }) => data)]);
}

export function writeSafetensors(path: string, tensors: Tensors): void {
  writeFileSync(path, safetensors(tensors));
}
